-- What decisions rested on, each version once. reference is the start of the SHA-256 of a nonce and
-- the body, so an entry that names it commits to it; body holds both, sealed where it is about a
-- person. digest finds a version that is known already and goes when the row goes.
CREATE TABLE fact (
  reference TEXT PRIMARY KEY,
  about     TEXT NOT NULL,
  digest    TEXT NOT NULL,
  body      TEXT NOT NULL
);

CREATE INDEX fact_about ON fact (about, digest);
