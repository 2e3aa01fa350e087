-- People's sessions with a browser. What has ended is not here any more. digest is the SHA-256 of
-- what the browser holds; amr stands between spaces; checked is the newest cut-off that was known
-- when the session began.
CREATE TABLE session (
  id         TEXT   PRIMARY KEY,
  digest     TEXT   NOT NULL UNIQUE,
  user_id    TEXT   NOT NULL REFERENCES directory_user (id),
  checked    BIGINT NOT NULL,
  amr        TEXT   NOT NULL,
  acr        TEXT   NOT NULL,
  started_at BIGINT NOT NULL,
  seen_at    BIGINT NOT NULL,
  ends_at    BIGINT NOT NULL
);

CREATE INDEX session_of_user ON session (user_id, id);
CREATE INDEX session_ends_at ON session (ends_at);
