-- Who somebody is by the words of a trusted issuer. sub means something together with the issuer
-- alone.
CREATE TABLE user_link (
  issuer_id TEXT   NOT NULL REFERENCES trusted_issuer (id),
  sub       TEXT   NOT NULL,
  user_id   TEXT   NOT NULL REFERENCES directory_user (id),
  linked_at BIGINT NOT NULL,
  PRIMARY KEY (issuer_id, sub)
);

CREATE INDEX user_link_user ON user_link (user_id);
