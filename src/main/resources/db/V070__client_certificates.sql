-- Credentials that are certificates. kind says how value is compared: certificate is the SHA-256 of
-- one certificate, every other kind a name in certificates of the organisation's authorities. bound
-- says whether tokens are bound to the certificate that was presented.
CREATE TABLE credential_certificate (
  credential_id TEXT    PRIMARY KEY REFERENCES credential (id),
  kind          TEXT    NOT NULL,
  value         TEXT    NOT NULL,
  bound         BOOLEAN NOT NULL
);

CREATE INDEX credential_certificate_value ON credential_certificate (value, kind);
