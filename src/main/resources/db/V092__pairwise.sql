-- What the names are made from by which applications know people pairwise, wrapped under the master
-- key. There is one.
CREATE TABLE pairwise_secret (
  id     BIGINT  PRIMARY KEY,
  secret ${blob} NOT NULL
);
