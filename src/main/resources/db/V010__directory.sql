-- People, groups and workloads. Users and workloads are never deleted, so ids that refer to them
-- elsewhere stay good. *_key is the form in which names are compared.
CREATE TABLE directory_user (
  id            TEXT    PRIMARY KEY,
  user_name     TEXT    NOT NULL,
  user_name_key TEXT    NOT NULL UNIQUE,
  display_name  TEXT    NOT NULL,
  email         TEXT    NOT NULL,
  active        BOOLEAN NOT NULL,
  roles         TEXT    NOT NULL,
  administrator BOOLEAN NOT NULL,
  version       BIGINT  NOT NULL
);

CREATE INDEX directory_user_administrator ON directory_user (id) WHERE active AND administrator;

CREATE TABLE directory_group (
  id       TEXT   PRIMARY KEY,
  name     TEXT   NOT NULL,
  name_key TEXT   NOT NULL UNIQUE,
  version  BIGINT NOT NULL
);

CREATE TABLE directory_member (
  group_id TEXT NOT NULL REFERENCES directory_group (id) ON DELETE CASCADE,
  user_id  TEXT NOT NULL REFERENCES directory_user (id),
  PRIMARY KEY (group_id, user_id)
);

CREATE INDEX directory_member_user ON directory_member (user_id, group_id);

-- owner_id names a user or a group.
CREATE TABLE workload (
  id          TEXT    PRIMARY KEY,
  name        TEXT    NOT NULL,
  description TEXT    NOT NULL,
  owner_id    TEXT    NOT NULL,
  active      BOOLEAN NOT NULL,
  roles       TEXT    NOT NULL,
  version     BIGINT  NOT NULL
);

CREATE INDEX workload_owner ON workload (owner_id);
