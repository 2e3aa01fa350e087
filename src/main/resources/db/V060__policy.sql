-- Published policies, each set numbered from 1 in the order of publishing; the highest number of a
-- set is live. sources is the JSON of all files, those of the program included. published_by is
-- NULL where the server published by itself.
CREATE TABLE policy_snapshot (
  set_name     TEXT   NOT NULL,
  number       BIGINT NOT NULL,
  digest       TEXT   NOT NULL,
  sources      TEXT   NOT NULL,
  base         BIGINT NOT NULL,
  restores     BIGINT,
  authors      TEXT   NOT NULL,
  published_by TEXT,
  published_at BIGINT NOT NULL,
  note         TEXT   NOT NULL,
  PRIMARY KEY (set_name, number)
);

-- What is being written; files and authors are JSON. base is the number that was live when it was
-- begun.
CREATE TABLE policy_draft (
  id         TEXT   PRIMARY KEY,
  set_name   TEXT   NOT NULL,
  base       BIGINT NOT NULL,
  note       TEXT   NOT NULL,
  files      TEXT   NOT NULL,
  authors    TEXT   NOT NULL,
  changed_at BIGINT NOT NULL,
  version    BIGINT NOT NULL
);

CREATE INDEX policy_draft_set ON policy_draft (set_name, id);
