-- The record. A leaf is never changed. What may be forgotten stands beside it: personal (under the
-- keys of the people it is about) and free (under a key of its own, kept with it).
CREATE TABLE entry (
  seq      ${serial},
  id       TEXT    NOT NULL UNIQUE,
  about    TEXT    NOT NULL,
  at       BIGINT  NOT NULL,
  leaf     ${blob} NOT NULL,
  personal TEXT,
  free     TEXT
);

CREATE INDEX entry_about ON entry (about, seq);

-- The place of each entry in the tree. An entry without a row here is not yet sequenced.
CREATE TABLE entry_index (
  idx BIGINT PRIMARY KEY,
  seq BIGINT NOT NULL UNIQUE REFERENCES entry (seq)
);

-- The widest known form of every tile of the tree.
CREATE TABLE log_tile (
  level BIGINT  NOT NULL,
  n     BIGINT  NOT NULL,
  bytes ${blob} NOT NULL,
  PRIMARY KEY (level, n)
);

-- Entries without a place in the tree, where rows do not become visible in serial order.
CREATE TABLE entry_pending (
  seq BIGINT PRIMARY KEY REFERENCES entry (seq)
);

-- The newest signed checkpoint and the key that signs, wrapped under the master key.
CREATE TABLE log_head (
  one    BIGINT PRIMARY KEY CHECK (one = 1),
  origin TEXT   NOT NULL,
  size   BIGINT NOT NULL,
  note   TEXT   NOT NULL,
  key    ${blob} NOT NULL
);

-- One row for each person who appears in the record; deleting it erases the person.
CREATE TABLE person (
  user_id   TEXT    PRIMARY KEY,
  pseudonym TEXT    NOT NULL UNIQUE,
  key       ${blob} NOT NULL
);

-- Finds what has been kept long enough without reading what has been forgotten.
CREATE INDEX entry_free ON entry (at) WHERE free IS NOT NULL;
