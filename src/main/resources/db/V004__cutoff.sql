-- Cut-offs. A number is also the number of the change in the feed that carries it.
CREATE TABLE cutoff (
  number BIGINT PRIMARY KEY REFERENCES feed_change (seq),
  target TEXT   NOT NULL,
  by_id  TEXT   NOT NULL,
  at     BIGINT NOT NULL
);

CREATE INDEX cutoff_target ON cutoff (target, number);
