ALTER TABLE authorization_grant ADD COLUMN claims TEXT;
