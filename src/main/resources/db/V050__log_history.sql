-- The log's keys in the order in which they came. public is the raw Ed25519 key in base64url, empty
-- until it is first read; secret is wrapped under the master key and bound to bound, and gone once
-- the key signs no more.
CREATE TABLE log_key (
  number BIGINT PRIMARY KEY,
  bound  TEXT   NOT NULL,
  public TEXT   NOT NULL,
  secret ${blob}
);

INSERT INTO log_key (number, bound, public, secret)
SELECT 1, origin, '', key FROM log_head;

ALTER TABLE log_head DROP COLUMN key;

-- The origins that the log had before it was continued after a restore: how much of the tree the
-- next origin took over, and the checkpoint that was found outside the database.
CREATE TABLE log_past (
  number BIGINT PRIMARY KEY,
  origin TEXT   NOT NULL,
  size   BIGINT NOT NULL,
  note   TEXT   NOT NULL
);
