-- What people prove themselves with. A user has one password and one secret for one-time codes,
-- which stands sealed, or neither.
CREATE TABLE user_password (
  user_id    TEXT    PRIMARY KEY REFERENCES directory_user (id),
  memory     INTEGER NOT NULL,
  passes     INTEGER NOT NULL,
  lanes      INTEGER NOT NULL,
  salt       ${blob} NOT NULL,
  hash       ${blob} NOT NULL,
  changed_at BIGINT  NOT NULL
);

-- used_step is the newest step whose code was used.
CREATE TABLE user_totp (
  user_id   TEXT    PRIMARY KEY REFERENCES directory_user (id),
  secret    ${blob} NOT NULL,
  used_step BIGINT  NOT NULL
);

CREATE TABLE user_recovery_code (
  user_id TEXT NOT NULL REFERENCES directory_user (id),
  digest  TEXT NOT NULL,
  used_at BIGINT,
  PRIMARY KEY (user_id, digest)
);

-- One-time links; only the newest one of a user is there. The link for the first administrator is
-- of nobody yet and has the empty text for a user.
CREATE TABLE user_invitation (
  user_id    TEXT   PRIMARY KEY,
  digest     TEXT   NOT NULL UNIQUE,
  expires_at BIGINT NOT NULL
);
