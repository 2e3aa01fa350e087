-- The name by which a person's passkeys know them: random, and not the user's id.
CREATE TABLE passkey_user (
  user_id TEXT PRIMARY KEY REFERENCES directory_user (id),
  handle  TEXT NOT NULL UNIQUE
);

-- attested is the attested credential data, with the public key; credential is its id in base64url.
CREATE TABLE passkey (
  id              TEXT    PRIMARY KEY,
  user_id         TEXT    NOT NULL REFERENCES passkey_user (user_id),
  credential      TEXT    NOT NULL UNIQUE,
  attested        ${blob} NOT NULL,
  sign_count      BIGINT  NOT NULL,
  backup_eligible BOOLEAN NOT NULL,
  name            TEXT    NOT NULL,
  created_at      BIGINT  NOT NULL,
  used_at         BIGINT
);

CREATE INDEX passkey_of_user ON passkey (user_id, id);

-- Challenges that were answered, until nobody could answer them any more.
CREATE TABLE passkey_challenge (
  challenge  TEXT   PRIMARY KEY,
  expires_at BIGINT NOT NULL
);

CREATE INDEX passkey_challenge_expires_at ON passkey_challenge (expires_at);
