-- Requests of devices (RFC 8628): source is the address that a request came from, and there for
-- those alone. user_code is what a person types in to make a request theirs, and gone then. It
-- stands as it is: a digest of so little would hide nothing, and it is good for ten minutes.
ALTER TABLE polled_request ADD COLUMN source TEXT;
ALTER TABLE polled_request ADD COLUMN user_code TEXT;

CREATE UNIQUE INDEX polled_request_user_code ON polled_request (user_code)
 WHERE user_code IS NOT NULL;
