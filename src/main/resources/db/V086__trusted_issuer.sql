-- Servers elsewhere whose signed words are believed. terms is JSON; secret is what this server
-- proves itself with there, sealed.
CREATE TABLE trusted_issuer (
  id      TEXT    PRIMARY KEY,
  issuer  TEXT    NOT NULL UNIQUE,
  name    TEXT    NOT NULL,
  terms   TEXT    NOT NULL,
  secret  ${blob},
  active  BOOLEAN NOT NULL,
  version BIGINT  NOT NULL
);
