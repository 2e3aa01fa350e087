-- How applications ask people (redirect URIs and the like): JSON.
ALTER TABLE client ADD COLUMN registration TEXT NOT NULL DEFAULT '{}';
