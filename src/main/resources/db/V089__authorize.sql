-- What people allowed applications and, through them, agents. actor, purpose and delegation are
-- there where an agent acts; scopes on the resource and those about the person stand between
-- spaces.
CREATE TABLE consent (
  id           TEXT   PRIMARY KEY,
  user_id      TEXT   NOT NULL REFERENCES directory_user (id),
  client_id    TEXT   NOT NULL,
  actor        TEXT,
  resource     TEXT   NOT NULL,
  scopes       TEXT   NOT NULL,
  identity     TEXT   NOT NULL,
  purpose      TEXT,
  delegation   TEXT   REFERENCES delegation (id),
  redirect_uri TEXT   NOT NULL,
  given_at     BIGINT NOT NULL,
  expires_at   BIGINT NOT NULL,
  withdrawn_at BIGINT
);

CREATE INDEX consent_of_user ON consent (user_id, id);

-- What came of one authorization request: what its code and its refresh tokens stand for. checked
-- is the newest cut-off that was known. refresh_handle finds the family, refresh_digest is the
-- SHA-256 of the secret that is good, refresh_before of the one before it, which gave way at
-- refresh_at by refresh_salt.
CREATE TABLE authorization_grant (
  id             TEXT    PRIMARY KEY,
  client_id      TEXT    NOT NULL,
  user_id        TEXT    NOT NULL REFERENCES directory_user (id),
  consent        TEXT    REFERENCES consent (id),
  session        TEXT    NOT NULL,
  offline        BOOLEAN NOT NULL,
  actor          TEXT,
  delegation     TEXT,
  resource       TEXT    NOT NULL,
  scopes         TEXT    NOT NULL,
  identity       TEXT    NOT NULL,
  acr            TEXT    NOT NULL,
  amr            TEXT    NOT NULL,
  auth_time      BIGINT  NOT NULL,
  checked        BIGINT  NOT NULL,
  created_at     BIGINT  NOT NULL,
  expires_at     BIGINT  NOT NULL,
  jkt            TEXT,
  refresh_handle TEXT    UNIQUE,
  refresh_digest TEXT,
  refresh_before TEXT,
  refresh_salt   TEXT,
  refresh_at     BIGINT
);

CREATE INDEX authorization_grant_expires_at ON authorization_grant (expires_at);

-- Codes, by the SHA-256 of the code; kept a while after they were spent to know a second use.
CREATE TABLE authorization_code (
  digest       TEXT   PRIMARY KEY,
  grant_id     TEXT   NOT NULL REFERENCES authorization_grant (id),
  redirect_uri TEXT   NOT NULL,
  challenge    TEXT,
  nonce        TEXT,
  jkt          TEXT,
  expires_at   BIGINT NOT NULL,
  spent_at     BIGINT
);

CREATE INDEX authorization_code_expires_at ON authorization_code (expires_at);

-- Authorization requests that wait: pushed by their client (RFC 9126), or kept while the person
-- signs in or decides. parameters is JSON; begun_at is when a browser first came with it.
CREATE TABLE authorization_request (
  handle     TEXT    PRIMARY KEY,
  client_id  TEXT    NOT NULL,
  parameters TEXT    NOT NULL,
  pushed     BOOLEAN NOT NULL,
  jkt        TEXT,
  begun_at   BIGINT,
  expires_at BIGINT  NOT NULL,
  spent_at   BIGINT
);

CREATE INDEX authorization_request_expires_at ON authorization_request (expires_at);
