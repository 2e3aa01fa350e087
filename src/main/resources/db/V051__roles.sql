-- Hours of the week in which a purpose may be acted for, as JSON; none for always.
ALTER TABLE purpose ADD COLUMN hours TEXT;

-- Roles of the organisation. permissions and excludes are JSON.
CREATE TABLE role (
  id          TEXT   PRIMARY KEY,
  name        TEXT   NOT NULL UNIQUE,
  description TEXT   NOT NULL,
  permissions TEXT   NOT NULL,
  excludes    TEXT   NOT NULL,
  version     BIGINT NOT NULL
);

-- holder_id names a user, an agent, a workload or a group. What is revoked outlives its role.
CREATE TABLE role_assignment (
  id         TEXT   PRIMARY KEY,
  role_id    TEXT   NOT NULL,
  holder_id  TEXT   NOT NULL,
  expires_at BIGINT,
  given_by   TEXT   NOT NULL,
  given_at   BIGINT NOT NULL,
  revoked_by TEXT,
  revoked_at BIGINT,
  version    BIGINT NOT NULL,
  CHECK ((revoked_by IS NULL) = (revoked_at IS NULL))
);

CREATE INDEX role_assignment_holder ON role_assignment (holder_id, id) WHERE revoked_at IS NULL;
CREATE INDEX role_assignment_role ON role_assignment (role_id, id) WHERE revoked_at IS NULL;
