-- Agents that came by the assertion of a platform elsewhere, and of which. Whom the platform means
-- by which name is in subject_link; this stays when that goes.
CREATE TABLE foreign_agent (
  agent_id  TEXT   PRIMARY KEY REFERENCES agent (id),
  issuer_id TEXT   NOT NULL REFERENCES trusted_issuer (id),
  met_at    BIGINT NOT NULL
);

CREATE INDEX foreign_agent_issuer ON foreign_agent (issuer_id);
