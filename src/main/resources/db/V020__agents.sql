-- The agent registry. owner_id and backup_owner_id name users or groups; purposes and capabilities
-- are JSON. Agents are never deleted, so ids that refer to them elsewhere stay good.
CREATE TABLE agent (
  id              TEXT   PRIMARY KEY,
  name            TEXT   NOT NULL,
  description     TEXT   NOT NULL,
  owner_id        TEXT   NOT NULL,
  backup_owner_id TEXT   NOT NULL,
  purposes        TEXT   NOT NULL,
  capabilities    TEXT   NOT NULL,
  environment     TEXT   NOT NULL,
  risk            TEXT   NOT NULL,
  valid_until     BIGINT,
  state           TEXT   NOT NULL,
  version         BIGINT NOT NULL,
  CHECK (owner_id <> backup_owner_id)
);

CREATE INDEX agent_state ON agent (state, id);
CREATE INDEX agent_owner ON agent (owner_id, id);
CREATE INDEX agent_backup_owner ON agent (backup_owner_id, id);
