-- Whom a trusted issuer calls sub: a person who signs in by it or for whom it vouches, or an agent
-- or workload that it says acts. sub means something together with the issuer alone.
CREATE TABLE subject_link (
  issuer_id    TEXT   NOT NULL REFERENCES trusted_issuer (id),
  sub          TEXT   NOT NULL,
  id           TEXT   NOT NULL,
  principal_id TEXT   NOT NULL,
  linked_at    BIGINT NOT NULL,
  PRIMARY KEY (issuer_id, sub)
);

CREATE INDEX subject_link_principal ON subject_link (principal_id);

INSERT INTO subject_link (issuer_id, sub, id, principal_id, linked_at)
SELECT issuer_id, sub, 'lnk_' || substr(user_id, 5), user_id, linked_at FROM user_link;

DROP TABLE user_link;
