-- Standing permissions to act for somebody, and the narrower ones made from them by hand-over.
CREATE TABLE delegation (
  id         TEXT   PRIMARY KEY,
  parent     TEXT   REFERENCES delegation (id),
  delegator  TEXT   NOT NULL,
  delegate   TEXT   NOT NULL,
  purpose    TEXT   NOT NULL,
  depth_max  BIGINT NOT NULL,
  given_by   TEXT   NOT NULL,
  given_how  TEXT   NOT NULL,
  given_at   BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  revoked_at BIGINT
);

CREATE INDEX delegation_delegator ON delegation (delegator, id);
CREATE INDEX delegation_delegate ON delegation (delegate, id);
CREATE INDEX delegation_parent ON delegation (parent) WHERE parent IS NOT NULL;

-- What a delegation covers: actions, between spaces, of one resource.
CREATE TABLE delegation_cover (
  delegation TEXT NOT NULL REFERENCES delegation (id),
  resource   TEXT NOT NULL,
  actions    TEXT NOT NULL,
  PRIMARY KEY (delegation, resource)
);
