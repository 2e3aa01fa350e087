-- Applications that registered themselves and are agents on record.
CREATE TABLE client_agent (
  client_id TEXT PRIMARY KEY,
  agent_id  TEXT NOT NULL UNIQUE REFERENCES agent (id)
);
