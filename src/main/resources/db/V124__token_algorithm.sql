-- What access tokens for a resource are signed by.
ALTER TABLE resource ADD COLUMN token_algorithm TEXT NOT NULL DEFAULT 'ES256';
