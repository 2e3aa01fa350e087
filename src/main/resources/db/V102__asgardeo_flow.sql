-- Agents that sign in through applications in the way of WSO2 Asgardeo, by the SHA-256 of the flow
-- id. client_id to purpose are what the application asked; tries is how often somebody has tried to
-- sign in. What begins with code is there once an agent has: the SHA-256 of the code, what the
-- tokens that come of it rest on, and the newest cut-off that was known then. Kept a while after it
-- was spent to know a second use.
CREATE TABLE asgardeo_flow (
  digest       TEXT   PRIMARY KEY,
  client_id    TEXT   NOT NULL,
  redirect_uri TEXT   NOT NULL,
  state        TEXT,
  challenge    TEXT   NOT NULL,
  nonce        TEXT,
  jkt          TEXT,
  resource     TEXT   NOT NULL,
  scopes       TEXT   NOT NULL,
  identity     TEXT   NOT NULL,
  purpose      TEXT   NOT NULL,
  tries        BIGINT NOT NULL,
  expires_at   BIGINT NOT NULL,
  code         TEXT   UNIQUE,
  grant_id     TEXT,
  agent        TEXT,
  credential   TEXT,
  checked      BIGINT,
  signed_in_at BIGINT,
  spent_at     BIGINT
);

CREATE INDEX asgardeo_flow_expires_at ON asgardeo_flow (expires_at);
