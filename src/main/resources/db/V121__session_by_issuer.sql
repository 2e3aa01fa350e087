-- The issuer and the link by which somebody signed in, for sessions and for what was granted in
-- them; nothing for other ways of signing in, and for what there was before. A link that is gone
-- is still named.
ALTER TABLE session ADD COLUMN issuer TEXT REFERENCES trusted_issuer (id);
ALTER TABLE session ADD COLUMN link TEXT;
ALTER TABLE authorization_grant ADD COLUMN issuer TEXT REFERENCES trusted_issuer (id);
ALTER TABLE authorization_grant ADD COLUMN link TEXT;

CREATE INDEX session_issuer ON session (issuer, checked) WHERE issuer IS NOT NULL;
