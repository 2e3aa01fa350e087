-- Requests that a person answers out of band while their client polls for the answer, by the
-- SHA-256 of what the client polls with. whom is whose request it is for counting: the user's id,
-- or the SHA-256 of a hint that named nobody. user_id is who may answer it; NULL when nobody may.
-- What the client asked for stands as it was read. answered_at with a grant_id is a yes, without
-- one a no; spent_at is when the client took the answer.
CREATE TABLE polled_request (
  id               TEXT   PRIMARY KEY,
  digest           TEXT   NOT NULL UNIQUE,
  client_id        TEXT   NOT NULL,
  whom             TEXT   NOT NULL,
  user_id          TEXT   REFERENCES directory_user (id),
  identity         TEXT   NOT NULL,
  scopes           TEXT   NOT NULL,
  resource         TEXT   NOT NULL,
  actor            TEXT,
  purpose          TEXT   NOT NULL,
  message          TEXT   NOT NULL,
  created_at       BIGINT NOT NULL,
  expires_at       BIGINT NOT NULL,
  interval_seconds BIGINT NOT NULL,
  polled_at        BIGINT,
  answered_at      BIGINT,
  grant_id         TEXT,
  spent_at         BIGINT
);

CREATE INDEX polled_request_user ON polled_request (user_id, id) WHERE answered_at IS NULL;
CREATE INDEX polled_request_client ON polled_request (client_id, whom) WHERE answered_at IS NULL;
CREATE INDEX polled_request_expires_at ON polled_request (expires_at);

-- People are found by their address when somebody asks for them by it.
CREATE INDEX directory_user_email ON directory_user (email);
