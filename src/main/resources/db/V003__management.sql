-- Answers to requests with an Idempotency-Key, kept for 24 hours.
CREATE TABLE idempotent_reply (
  scope   TEXT    NOT NULL,
  key     TEXT    NOT NULL,
  digest  TEXT    NOT NULL,
  status  BIGINT  NOT NULL,
  body    ${blob} NOT NULL,
  version BIGINT  NOT NULL,
  at      BIGINT  NOT NULL,
  PRIMARY KEY (scope, key)
);

CREATE INDEX idempotent_reply_at ON idempotent_reply (at);
