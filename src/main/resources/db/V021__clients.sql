-- Applications that people use. ceiling is JSON.
CREATE TABLE client (
  id      TEXT    PRIMARY KEY,
  name    TEXT    NOT NULL,
  active  BOOLEAN NOT NULL,
  ceiling TEXT    NOT NULL,
  version BIGINT  NOT NULL
);

-- How agents, workloads and clients prove themselves. A credential is a secret, of which the hash
-- stands here, or a set of keys. holder names an agent, a workload or a client.
CREATE TABLE credential (
  id          TEXT    PRIMARY KEY,
  holder      TEXT    NOT NULL,
  secret_hash ${blob},
  created_at  BIGINT  NOT NULL,
  expires_at  BIGINT,
  revoked_at  BIGINT,
  last_used   BIGINT
);

CREATE INDEX credential_holder ON credential (holder, id);

-- Public keys. None is ever registered twice, so that revoking one ends it.
CREATE TABLE credential_key (
  thumbprint    TEXT PRIMARY KEY,
  credential_id TEXT NOT NULL REFERENCES credential (id),
  jwk           TEXT NOT NULL
);

CREATE INDEX credential_key_credential ON credential_key (credential_id);

-- Hashes of things that may be used once, kept while they could be used again.
CREATE TABLE one_time (
  hash  ${blob} PRIMARY KEY,
  until BIGINT  NOT NULL
);

CREATE INDEX one_time_until ON one_time (until);

-- Has its row once a server has been started on this database.
CREATE TABLE one_time_started (
  one BIGINT PRIMARY KEY CHECK (one = 1)
);
