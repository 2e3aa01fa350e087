-- Keys that sign tokens, wrapped under the master key. A key is published from the start and signs
-- from active_from on, until a later one is active.
CREATE TABLE signing_key (
  kid         TEXT    PRIMARY KEY,
  secret      ${blob} NOT NULL,
  created_at  BIGINT  NOT NULL,
  active_from BIGINT  NOT NULL
);
