-- What administrators hand out so that programs register themselves (RFC 7591 §3), by the SHA-256
-- of the token.
CREATE TABLE registration_token (
  id            TEXT    PRIMARY KEY,
  digest        TEXT    NOT NULL UNIQUE,
  name          TEXT    NOT NULL,
  uses_max      BIGINT  NOT NULL,
  uses          BIGINT  NOT NULL,
  pkce_optional BOOLEAN NOT NULL,
  created_at    BIGINT  NOT NULL,
  expires_at    BIGINT  NOT NULL,
  revoked_at    BIGINT
);

-- Clients that registered themselves. digest is the SHA-256 of the token by which one reads and
-- changes its registration (RFC 7592), metadata the JSON that it was registered with; at due_at
-- somebody looks whether it is still used.
CREATE TABLE dynamic_client (
  client_id     TEXT   PRIMARY KEY,
  digest        TEXT   NOT NULL UNIQUE,
  made_with     TEXT   REFERENCES registration_token (id),
  metadata      TEXT   NOT NULL,
  registered_at BIGINT NOT NULL,
  due_at        BIGINT NOT NULL
);

CREATE INDEX dynamic_client_due_at ON dynamic_client (due_at);

CREATE INDEX consent_of_client ON consent (client_id);
