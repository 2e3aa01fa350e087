-- What a key signs with: ES256 everything, RS256 the ID tokens of applications that want it so.
ALTER TABLE signing_key ADD COLUMN algorithm TEXT NOT NULL DEFAULT 'ES256';
