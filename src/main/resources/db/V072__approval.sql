-- Requests that exactly one action be approved, and what became of them. The ids of chain,
-- delegations and lineage stand between spaces, chain with the current actor first. body is sealed.
CREATE TABLE approval (
  id             TEXT    PRIMARY KEY,
  digest         TEXT    NOT NULL,
  state          TEXT    NOT NULL,
  enforcer       TEXT    NOT NULL,
  actor          TEXT    NOT NULL,
  chain          TEXT    NOT NULL,
  delegations    TEXT    NOT NULL,
  purpose        TEXT,
  resource       TEXT    NOT NULL,
  action         TEXT    NOT NULL,
  decision       TEXT    NOT NULL,
  lineage        TEXT    NOT NULL,
  checked        BIGINT  NOT NULL,
  named          BOOLEAN NOT NULL,
  body           ${blob} NOT NULL,
  requested_at   BIGINT  NOT NULL,
  expires_at     BIGINT  NOT NULL,
  wanted_until   BIGINT,
  ended_by       TEXT,
  ended_at       BIGINT,
  approved_until BIGINT,
  request        TEXT
);

-- One task for the same action and enforcer, however often it is asked for.
CREATE UNIQUE INDEX approval_pending ON approval (digest, enforcer) WHERE state = 'pending';
CREATE INDEX approval_actor ON approval (actor) WHERE state = 'pending';
CREATE INDEX approval_open ON approval (expires_at) WHERE state IN ('pending', 'approved');
CREATE INDEX approval_requested_at ON approval (requested_at);

-- The users and groups who may decide.
CREATE TABLE approval_approver (
  approver TEXT NOT NULL,
  approval TEXT NOT NULL REFERENCES approval (id) ON DELETE CASCADE,
  PRIMARY KEY (approver, approval)
);

CREATE INDEX approval_approver_approval ON approval_approver (approval);
