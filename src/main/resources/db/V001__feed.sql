-- The numbered change feed. feed_head is locked by every writer of a change, so numbers are given
-- in commit order.
CREATE TABLE feed_head (
  one BIGINT PRIMARY KEY CHECK (one = 1),
  seq BIGINT NOT NULL
);

INSERT INTO feed_head (one, seq) VALUES (1, 0);

CREATE TABLE feed_change (
  seq  BIGINT PRIMARY KEY,
  kind TEXT   NOT NULL,
  id   TEXT   NOT NULL
);
