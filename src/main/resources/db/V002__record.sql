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

-- The places of the entries in the tree: count of them, from the serial number seq on, stand from
-- idx on. An entry in no run is not yet sequenced. Neither this nor entry_pending refers to entry:
-- the check would read what all others write, and serializable transactions would undo each other.
CREATE TABLE entry_run (
  idx   BIGINT PRIMARY KEY,
  seq   BIGINT NOT NULL UNIQUE,
  count BIGINT NOT NULL CHECK (count > 0)
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
  seq BIGINT PRIMARY KEY
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

-- Up to which serial number free text has been forgotten.
CREATE TABLE entry_forgotten (
  one BIGINT PRIMARY KEY CHECK (one = 1),
  seq BIGINT NOT NULL
);

INSERT INTO entry_forgotten (one, seq) VALUES (1, 0);
