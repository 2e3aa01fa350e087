-- Applications that are still to be told that a session has ended. attempts is how often it was
-- tried, due_at when it is tried next.
CREATE TABLE logout_notice (
  session   TEXT   NOT NULL,
  client_id TEXT   NOT NULL,
  user_id   TEXT   NOT NULL REFERENCES directory_user (id),
  attempts  BIGINT NOT NULL,
  due_at    BIGINT NOT NULL,
  PRIMARY KEY (session, client_id)
);

CREATE INDEX logout_notice_due_at ON logout_notice (due_at);

CREATE INDEX authorization_grant_session ON authorization_grant (session);
