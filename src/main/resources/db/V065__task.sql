-- What policies recorded of tasks: words between spaces, until a while after the last.
CREATE TABLE task (
  id         TEXT   PRIMARY KEY,
  facts      TEXT   NOT NULL,
  expires_at BIGINT NOT NULL
);

CREATE INDEX task_expires_at ON task (expires_at);
