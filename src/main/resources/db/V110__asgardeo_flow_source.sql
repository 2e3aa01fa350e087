-- Whence a flow was begun whose application had not proven who it is: the SHA-256 of the network.
-- Of those that wait, so many come from one network, for one application, and altogether.
ALTER TABLE asgardeo_flow ADD COLUMN source TEXT;

CREATE INDEX asgardeo_flow_waiting ON asgardeo_flow (client_id, source, expires_at)
 WHERE code IS NULL;
