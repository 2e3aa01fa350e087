-- Room that is taken and given back every few seconds, to find out whether the database takes
-- writes.
CREATE TABLE write_check (
  one  BIGINT  PRIMARY KEY CHECK (one = 1),
  room ${blob} NOT NULL
);
