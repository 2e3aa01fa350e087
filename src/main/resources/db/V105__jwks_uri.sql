-- Where a client publishes its keys, for credentials that are not among those registered here.
ALTER TABLE credential ADD COLUMN jwks_uri TEXT;
