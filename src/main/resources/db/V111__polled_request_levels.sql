-- What the proof of whoever allows the request has to be worth, one of these `acr` with a space
-- between; empty for anything.
ALTER TABLE polled_request ADD COLUMN levels TEXT NOT NULL DEFAULT '';
