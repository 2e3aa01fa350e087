-- Protected APIs, the reasons to use them, and who may. actions, types, enforcers, asserts and
-- covers are JSON.
CREATE TABLE resource (
  id            TEXT    PRIMARY KEY,
  identifier    TEXT    NOT NULL UNIQUE,
  name          TEXT    NOT NULL,
  types         TEXT    NOT NULL,
  actions       TEXT    NOT NULL,
  agent_facing  BOOLEAN NOT NULL,
  person_rights TEXT    NOT NULL,
  enforcers     TEXT    NOT NULL,
  asserts       TEXT    NOT NULL,
  version       BIGINT  NOT NULL
);

-- The entity types that belong to one resource alone.
CREATE TABLE resource_type (
  type        TEXT PRIMARY KEY,
  resource_id TEXT NOT NULL REFERENCES resource (id)
);

CREATE INDEX resource_type_resource ON resource_type (resource_id);

-- owner_id names a user or a group.
CREATE TABLE purpose (
  id              TEXT   PRIMARY KEY,
  name            TEXT   NOT NULL UNIQUE,
  description     TEXT   NOT NULL,
  owner_id        TEXT   NOT NULL,
  legal_basis     TEXT   NOT NULL,
  data_categories TEXT   NOT NULL,
  covers          TEXT   NOT NULL,
  broader_id      TEXT   REFERENCES purpose (id),
  expires_at      BIGINT,
  version         BIGINT NOT NULL
);

CREATE INDEX purpose_owner ON purpose (owner_id);
CREATE INDEX purpose_broader ON purpose (broader_id);

-- principal_id names a user, an agent or a workload.
CREATE TABLE permission (
  id           TEXT   PRIMARY KEY,
  principal_id TEXT   NOT NULL,
  resource_id  TEXT   NOT NULL REFERENCES resource (id),
  actions      TEXT   NOT NULL,
  mode         TEXT   NOT NULL,
  expires_at   BIGINT,
  given_by     TEXT   NOT NULL,
  given_at     BIGINT NOT NULL,
  revoked_by   TEXT,
  revoked_at   BIGINT,
  version      BIGINT NOT NULL,
  CHECK ((revoked_by IS NULL) = (revoked_at IS NULL))
);

CREATE INDEX permission_principal ON permission (principal_id, id) WHERE revoked_at IS NULL;

-- One row for each action of each permission that is not revoked.
CREATE TABLE permission_action (
  permission_id TEXT NOT NULL REFERENCES permission (id),
  resource_id   TEXT NOT NULL REFERENCES resource (id),
  action        TEXT NOT NULL,
  PRIMARY KEY (permission_id, action)
);

CREATE INDEX permission_action_action ON permission_action (resource_id, action);
