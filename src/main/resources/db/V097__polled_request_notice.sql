-- How the client of a request is told that there is an answer: notice is sealed, with what it polls
-- with and the token that it gave; notice_at is when it is told next, NULL until there is an answer
-- and once it knows.
ALTER TABLE polled_request ADD COLUMN notice ${blob};
ALTER TABLE polled_request ADD COLUMN notice_at BIGINT;
ALTER TABLE polled_request ADD COLUMN notice_tries BIGINT NOT NULL DEFAULT 0;

CREATE INDEX polled_request_notice_at ON polled_request (notice_at) WHERE notice_at IS NOT NULL;
