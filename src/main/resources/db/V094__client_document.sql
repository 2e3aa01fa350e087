-- Clients that are known by a document at a URL: when it was fetched last, what it said, and when
-- somebody looks whether the client is still used.
CREATE TABLE client_document (
  client_id  TEXT   PRIMARY KEY,
  url        TEXT   NOT NULL UNIQUE,
  metadata   TEXT   NOT NULL,
  fetched_at BIGINT NOT NULL,
  due_at     BIGINT NOT NULL
);

CREATE INDEX client_document_due_at ON client_document (due_at);
