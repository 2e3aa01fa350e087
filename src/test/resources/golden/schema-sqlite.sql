CREATE TABLE agent (
  id              TEXT   PRIMARY KEY,
  name            TEXT   NOT NULL,
  description     TEXT   NOT NULL,
  owner_id        TEXT   NOT NULL,
  backup_owner_id TEXT   NOT NULL,
  purposes        TEXT   NOT NULL,
  capabilities    TEXT   NOT NULL,
  environment     TEXT   NOT NULL,
  risk            TEXT   NOT NULL,
  valid_until     BIGINT,
  state           TEXT   NOT NULL,
  version         BIGINT NOT NULL, bearer_tokens BOOLEAN NOT NULL DEFAULT FALSE,
  CHECK (owner_id <> backup_owner_id)
);

CREATE INDEX agent_backup_owner ON agent (backup_owner_id, id);

CREATE INDEX agent_owner ON agent (owner_id, id);

CREATE INDEX agent_state ON agent (state, id);

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
  body           BLOB NOT NULL,
  requested_at   BIGINT  NOT NULL,
  expires_at     BIGINT  NOT NULL,
  wanted_until   BIGINT,
  ended_by       TEXT,
  ended_at       BIGINT,
  approved_until BIGINT,
  request        TEXT
);

CREATE INDEX approval_actor ON approval (actor) WHERE state = 'pending';

CREATE TABLE approval_approver (
  approver TEXT NOT NULL,
  approval TEXT NOT NULL REFERENCES approval (id) ON DELETE CASCADE,
  PRIMARY KEY (approver, approval)
);

CREATE INDEX approval_approver_approval ON approval_approver (approval);

CREATE INDEX approval_open ON approval (expires_at) WHERE state IN ('pending', 'approved');

CREATE UNIQUE INDEX approval_pending ON approval (digest, enforcer) WHERE state = 'pending';

CREATE INDEX approval_requested_at ON approval (requested_at);

CREATE TABLE asgardeo_flow (
  digest       TEXT   PRIMARY KEY,
  client_id    TEXT   NOT NULL,
  redirect_uri TEXT   NOT NULL,
  state        TEXT,
  challenge    TEXT   NOT NULL,
  nonce        TEXT,
  jkt          TEXT,
  resource     TEXT   NOT NULL,
  scopes       TEXT   NOT NULL,
  identity     TEXT   NOT NULL,
  purpose      TEXT   NOT NULL,
  tries        BIGINT NOT NULL,
  expires_at   BIGINT NOT NULL,
  code         TEXT   UNIQUE,
  grant_id     TEXT,
  agent        TEXT,
  credential   TEXT,
  checked      BIGINT,
  signed_in_at BIGINT,
  spent_at     BIGINT
, source TEXT);

CREATE INDEX asgardeo_flow_expires_at ON asgardeo_flow (expires_at);

CREATE INDEX asgardeo_flow_waiting ON asgardeo_flow (client_id, source, expires_at)
 WHERE code IS NULL;

CREATE TABLE authorization_code (
  digest       TEXT   PRIMARY KEY,
  grant_id     TEXT   NOT NULL REFERENCES authorization_grant (id),
  redirect_uri TEXT   NOT NULL,
  challenge    TEXT,
  nonce        TEXT,
  jkt          TEXT,
  expires_at   BIGINT NOT NULL,
  spent_at     BIGINT
);

CREATE INDEX authorization_code_expires_at ON authorization_code (expires_at);

CREATE TABLE authorization_grant (
  id             TEXT    PRIMARY KEY,
  client_id      TEXT    NOT NULL,
  user_id        TEXT    NOT NULL REFERENCES directory_user (id),
  consent        TEXT    REFERENCES consent (id),
  session        TEXT    NOT NULL,
  offline        BOOLEAN NOT NULL,
  actor          TEXT,
  delegation     TEXT,
  resource       TEXT    NOT NULL,
  scopes         TEXT    NOT NULL,
  identity       TEXT    NOT NULL,
  acr            TEXT    NOT NULL,
  amr            TEXT    NOT NULL,
  auth_time      BIGINT  NOT NULL,
  checked        BIGINT  NOT NULL,
  created_at     BIGINT  NOT NULL,
  expires_at     BIGINT  NOT NULL,
  jkt            TEXT,
  refresh_handle TEXT    UNIQUE,
  refresh_digest TEXT,
  refresh_before TEXT,
  refresh_salt   TEXT,
  refresh_at     BIGINT
, claims TEXT, issuer TEXT REFERENCES trusted_issuer (id), link TEXT);

CREATE INDEX authorization_grant_expires_at ON authorization_grant (expires_at);

CREATE INDEX authorization_grant_session ON authorization_grant (session);

CREATE TABLE authorization_request (
  handle     TEXT    PRIMARY KEY,
  client_id  TEXT    NOT NULL,
  parameters TEXT    NOT NULL,
  pushed     BOOLEAN NOT NULL,
  jkt        TEXT,
  begun_at   BIGINT,
  expires_at BIGINT  NOT NULL,
  spent_at   BIGINT
);

CREATE INDEX authorization_request_expires_at ON authorization_request (expires_at);

CREATE TABLE budget_spending (
  request TEXT   PRIMARY KEY,
  at      BIGINT NOT NULL
);

CREATE INDEX budget_spending_at ON budget_spending (at);

CREATE TABLE client (
  id      TEXT    PRIMARY KEY,
  name    TEXT    NOT NULL,
  active  BOOLEAN NOT NULL,
  ceiling TEXT    NOT NULL,
  version BIGINT  NOT NULL
, registration TEXT NOT NULL DEFAULT '{}');

CREATE TABLE client_agent (
  client_id TEXT PRIMARY KEY,
  agent_id  TEXT NOT NULL UNIQUE REFERENCES agent (id)
);

CREATE TABLE client_document (
  client_id  TEXT   PRIMARY KEY,
  url        TEXT   NOT NULL UNIQUE,
  metadata   TEXT   NOT NULL,
  fetched_at BIGINT NOT NULL,
  due_at     BIGINT NOT NULL
);

CREATE INDEX client_document_due_at ON client_document (due_at);

CREATE TABLE consent (
  id           TEXT   PRIMARY KEY,
  user_id      TEXT   NOT NULL REFERENCES directory_user (id),
  client_id    TEXT   NOT NULL,
  actor        TEXT,
  resource     TEXT   NOT NULL,
  scopes       TEXT   NOT NULL,
  identity     TEXT   NOT NULL,
  purpose      TEXT,
  delegation   TEXT   REFERENCES delegation (id),
  redirect_uri TEXT   NOT NULL,
  given_at     BIGINT NOT NULL,
  expires_at   BIGINT NOT NULL,
  withdrawn_at BIGINT
);

CREATE INDEX consent_of_client ON consent (client_id);

CREATE INDEX consent_of_user ON consent (user_id, id);

CREATE TABLE credential (
  id          TEXT    PRIMARY KEY,
  holder      TEXT    NOT NULL,
  secret_hash BLOB,
  created_at  BIGINT  NOT NULL,
  expires_at  BIGINT,
  revoked_at  BIGINT,
  last_used   BIGINT
, jwks_uri TEXT);

CREATE TABLE credential_certificate (
  credential_id TEXT    PRIMARY KEY REFERENCES credential (id),
  kind          TEXT    NOT NULL,
  value         TEXT    NOT NULL,
  bound         BOOLEAN NOT NULL
);

CREATE INDEX credential_certificate_value ON credential_certificate (value, kind);

CREATE INDEX credential_holder ON credential (holder, id);

CREATE TABLE credential_key (
  thumbprint    TEXT PRIMARY KEY,
  credential_id TEXT NOT NULL REFERENCES credential (id),
  jwk           TEXT NOT NULL
);

CREATE INDEX credential_key_credential ON credential_key (credential_id);

CREATE TABLE cutoff (
  number BIGINT PRIMARY KEY REFERENCES feed_change (seq),
  target TEXT   NOT NULL,
  by_id  TEXT   NOT NULL,
  at     BIGINT NOT NULL
);

CREATE INDEX cutoff_target ON cutoff (target, number);

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

CREATE TABLE delegation_budget (
  delegation TEXT   NOT NULL REFERENCES delegation (id),
  name       TEXT   NOT NULL,
  maximum    BIGINT NOT NULL,
  spent      BIGINT NOT NULL,
  PRIMARY KEY (delegation, name)
);

CREATE TABLE delegation_cover (
  delegation TEXT NOT NULL REFERENCES delegation (id),
  resource   TEXT NOT NULL,
  actions    TEXT NOT NULL,
  PRIMARY KEY (delegation, resource)
);

CREATE INDEX delegation_delegate ON delegation (delegate, id);

CREATE INDEX delegation_delegator ON delegation (delegator, id);

CREATE INDEX delegation_parent ON delegation (parent) WHERE parent IS NOT NULL;

CREATE TABLE directory_group (
  id       TEXT   PRIMARY KEY,
  name     TEXT   NOT NULL,
  name_key TEXT   NOT NULL UNIQUE,
  version  BIGINT NOT NULL
);

CREATE TABLE directory_member (
  group_id TEXT NOT NULL REFERENCES directory_group (id) ON DELETE CASCADE,
  user_id  TEXT NOT NULL REFERENCES directory_user (id),
  PRIMARY KEY (group_id, user_id)
);

CREATE INDEX directory_member_user ON directory_member (user_id, group_id);

CREATE TABLE directory_user (
  id            TEXT    PRIMARY KEY,
  user_name     TEXT    NOT NULL,
  user_name_key TEXT    NOT NULL UNIQUE,
  display_name  TEXT    NOT NULL,
  email         TEXT    NOT NULL,
  active        BOOLEAN NOT NULL,
  roles         TEXT    NOT NULL,
  administrator BOOLEAN NOT NULL,
  version       BIGINT  NOT NULL
);

CREATE INDEX directory_user_administrator ON directory_user (id) WHERE active AND administrator;

CREATE INDEX directory_user_email ON directory_user (email);

CREATE TABLE dynamic_client (
  client_id     TEXT   PRIMARY KEY,
  digest        TEXT   NOT NULL UNIQUE,
  made_with     TEXT   REFERENCES registration_token (id),
  metadata      TEXT   NOT NULL,
  registered_at BIGINT NOT NULL,
  due_at        BIGINT NOT NULL
);

CREATE INDEX dynamic_client_due_at ON dynamic_client (due_at);

CREATE TABLE entry (
  seq      INTEGER PRIMARY KEY,
  id       TEXT    NOT NULL UNIQUE,
  about    TEXT    NOT NULL,
  at       BIGINT  NOT NULL,
  leaf     BLOB NOT NULL,
  personal TEXT,
  free     TEXT
);

CREATE INDEX entry_about ON entry (about, seq);

CREATE TABLE entry_forgotten (
  one BIGINT PRIMARY KEY CHECK (one = 1),
  seq BIGINT NOT NULL
);

CREATE TABLE entry_pending (
  seq BIGINT PRIMARY KEY
);

CREATE TABLE entry_run (
  idx   BIGINT PRIMARY KEY,
  seq   BIGINT NOT NULL UNIQUE,
  count BIGINT NOT NULL CHECK (count > 0)
);

CREATE TABLE fact (
  reference TEXT PRIMARY KEY,
  about     TEXT NOT NULL,
  digest    TEXT NOT NULL,
  body      TEXT NOT NULL
);

CREATE INDEX fact_about ON fact (about, digest);

CREATE TABLE feed_change (
  seq  BIGINT PRIMARY KEY,
  kind TEXT   NOT NULL,
  id   TEXT   NOT NULL
);

CREATE TABLE feed_head (
  one BIGINT PRIMARY KEY CHECK (one = 1),
  seq BIGINT NOT NULL
);

CREATE TABLE foreign_agent (
  agent_id  TEXT   PRIMARY KEY REFERENCES agent (id),
  issuer_id TEXT   NOT NULL REFERENCES trusted_issuer (id),
  met_at    BIGINT NOT NULL
);

CREATE INDEX foreign_agent_issuer ON foreign_agent (issuer_id);

CREATE TABLE idempotent_reply (
  scope   TEXT    NOT NULL,
  key     TEXT    NOT NULL,
  digest  TEXT    NOT NULL,
  status  BIGINT  NOT NULL,
  body    BLOB NOT NULL,
  version BIGINT  NOT NULL,
  at      BIGINT  NOT NULL,
  PRIMARY KEY (scope, key)
);

CREATE INDEX idempotent_reply_at ON idempotent_reply (at);

CREATE TABLE log_head (
  one    BIGINT PRIMARY KEY CHECK (one = 1),
  origin TEXT   NOT NULL,
  size   BIGINT NOT NULL,
  note   TEXT   NOT NULL);

CREATE TABLE log_key (
  number BIGINT PRIMARY KEY,
  bound  TEXT   NOT NULL,
  public TEXT   NOT NULL,
  secret BLOB
);

CREATE TABLE log_past (
  number BIGINT PRIMARY KEY,
  origin TEXT   NOT NULL,
  size   BIGINT NOT NULL,
  note   TEXT   NOT NULL
);

CREATE TABLE log_tile (
  level BIGINT  NOT NULL,
  n     BIGINT  NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (level, n)
);

CREATE TABLE logout_notice (
  session   TEXT   NOT NULL,
  client_id TEXT   NOT NULL,
  user_id   TEXT   NOT NULL REFERENCES directory_user (id),
  attempts  BIGINT NOT NULL,
  due_at    BIGINT NOT NULL,
  PRIMARY KEY (session, client_id)
);

CREATE INDEX logout_notice_due_at ON logout_notice (due_at);

CREATE TABLE one_time (
  hash  BLOB PRIMARY KEY,
  until BIGINT  NOT NULL
);

CREATE TABLE one_time_started (
  one BIGINT PRIMARY KEY CHECK (one = 1)
);

CREATE INDEX one_time_until ON one_time (until);

CREATE TABLE pairwise_secret (
  id     BIGINT  PRIMARY KEY,
  secret BLOB NOT NULL
);

CREATE TABLE passkey (
  id              TEXT    PRIMARY KEY,
  user_id         TEXT    NOT NULL REFERENCES passkey_user (user_id),
  credential      TEXT    NOT NULL UNIQUE,
  attested        BLOB NOT NULL,
  sign_count      BIGINT  NOT NULL,
  backup_eligible BOOLEAN NOT NULL,
  name            TEXT    NOT NULL,
  created_at      BIGINT  NOT NULL,
  used_at         BIGINT
);

CREATE TABLE passkey_challenge (
  challenge  TEXT   PRIMARY KEY,
  expires_at BIGINT NOT NULL
);

CREATE INDEX passkey_challenge_expires_at ON passkey_challenge (expires_at);

CREATE INDEX passkey_of_user ON passkey (user_id, id);

CREATE TABLE passkey_user (
  user_id TEXT PRIMARY KEY REFERENCES directory_user (id),
  handle  TEXT NOT NULL UNIQUE
);

CREATE TABLE permission (
  id           TEXT   PRIMARY KEY,
  principal_id TEXT   NOT NULL,
  resource_id  TEXT   NOT NULL REFERENCES resource (id),
  actions      TEXT   NOT NULL,
  mode         TEXT   NOT NULL,
  expires_at   BIGINT,
  given_by     TEXT   NOT NULL,
  given_at     BIGINT NOT NULL,
  revoked_by   TEXT,
  revoked_at   BIGINT,
  version      BIGINT NOT NULL,
  CHECK ((revoked_by IS NULL) = (revoked_at IS NULL))
);

CREATE TABLE permission_action (
  permission_id TEXT NOT NULL REFERENCES permission (id),
  resource_id   TEXT NOT NULL REFERENCES resource (id),
  action        TEXT NOT NULL,
  PRIMARY KEY (permission_id, action)
);

CREATE INDEX permission_action_action ON permission_action (resource_id, action);

CREATE INDEX permission_principal ON permission (principal_id, id) WHERE revoked_at IS NULL;

CREATE TABLE person (
  user_id   TEXT    PRIMARY KEY,
  pseudonym TEXT    NOT NULL UNIQUE,
  key       BLOB NOT NULL
);

CREATE TABLE policy_draft (
  id         TEXT   PRIMARY KEY,
  set_name   TEXT   NOT NULL,
  base       BIGINT NOT NULL,
  note       TEXT   NOT NULL,
  files      TEXT   NOT NULL,
  authors    TEXT   NOT NULL,
  changed_at BIGINT NOT NULL,
  version    BIGINT NOT NULL
);

CREATE INDEX policy_draft_set ON policy_draft (set_name, id);

CREATE TABLE policy_snapshot (
  set_name     TEXT   NOT NULL,
  number       BIGINT NOT NULL,
  digest       TEXT   NOT NULL,
  sources      TEXT   NOT NULL,
  base         BIGINT NOT NULL,
  restores     BIGINT,
  authors      TEXT   NOT NULL,
  published_by TEXT,
  published_at BIGINT NOT NULL,
  note         TEXT   NOT NULL,
  PRIMARY KEY (set_name, number)
);

CREATE TABLE polled_request (
  id               TEXT   PRIMARY KEY,
  digest           TEXT   NOT NULL UNIQUE,
  client_id        TEXT   NOT NULL,
  whom             TEXT   NOT NULL,
  user_id          TEXT   REFERENCES directory_user (id),
  identity         TEXT   NOT NULL,
  scopes           TEXT   NOT NULL,
  resource         TEXT   NOT NULL,
  actor            TEXT,
  purpose          TEXT   NOT NULL,
  message          TEXT   NOT NULL,
  created_at       BIGINT NOT NULL,
  expires_at       BIGINT NOT NULL,
  interval_seconds BIGINT NOT NULL,
  polled_at        BIGINT,
  answered_at      BIGINT,
  grant_id         TEXT,
  spent_at         BIGINT
, notice BLOB, notice_at BIGINT, notice_tries BIGINT NOT NULL DEFAULT 0, source TEXT, user_code TEXT, levels TEXT NOT NULL DEFAULT '');

CREATE INDEX polled_request_client ON polled_request (client_id, whom) WHERE answered_at IS NULL;

CREATE INDEX polled_request_expires_at ON polled_request (expires_at);

CREATE INDEX polled_request_notice_at ON polled_request (notice_at) WHERE notice_at IS NOT NULL;

CREATE INDEX polled_request_user ON polled_request (user_id, id) WHERE answered_at IS NULL;

CREATE UNIQUE INDEX polled_request_user_code ON polled_request (user_code)
 WHERE user_code IS NOT NULL;

CREATE TABLE purpose (
  id              TEXT   PRIMARY KEY,
  name            TEXT   NOT NULL UNIQUE,
  description     TEXT   NOT NULL,
  owner_id        TEXT   NOT NULL,
  legal_basis     TEXT   NOT NULL,
  data_categories TEXT   NOT NULL,
  covers          TEXT   NOT NULL,
  broader_id      TEXT   REFERENCES purpose (id),
  expires_at      BIGINT,
  version         BIGINT NOT NULL
, hours TEXT);

CREATE INDEX purpose_broader ON purpose (broader_id);

CREATE INDEX purpose_owner ON purpose (owner_id);

CREATE TABLE registration_token (
  id            TEXT    PRIMARY KEY,
  digest        TEXT    NOT NULL UNIQUE,
  name          TEXT    NOT NULL,
  uses_max      BIGINT  NOT NULL,
  uses          BIGINT  NOT NULL,
  pkce_optional BOOLEAN NOT NULL,
  created_at    BIGINT  NOT NULL,
  expires_at    BIGINT  NOT NULL,
  revoked_at    BIGINT
);

CREATE TABLE resource (
  id            TEXT    PRIMARY KEY,
  identifier    TEXT    NOT NULL UNIQUE,
  name          TEXT    NOT NULL,
  types         TEXT    NOT NULL,
  actions       TEXT    NOT NULL,
  agent_facing  BOOLEAN NOT NULL,
  person_rights TEXT    NOT NULL,
  enforcers     TEXT    NOT NULL,
  asserts       TEXT    NOT NULL,
  version       BIGINT  NOT NULL
, token_algorithm TEXT NOT NULL DEFAULT 'ES256');

CREATE TABLE resource_type (
  type        TEXT PRIMARY KEY,
  resource_id TEXT NOT NULL REFERENCES resource (id)
);

CREATE INDEX resource_type_resource ON resource_type (resource_id);

CREATE TABLE role (
  id          TEXT   PRIMARY KEY,
  name        TEXT   NOT NULL UNIQUE,
  description TEXT   NOT NULL,
  permissions TEXT   NOT NULL,
  excludes    TEXT   NOT NULL,
  version     BIGINT NOT NULL
);

CREATE TABLE role_assignment (
  id         TEXT   PRIMARY KEY,
  role_id    TEXT   NOT NULL,
  holder_id  TEXT   NOT NULL,
  expires_at BIGINT,
  given_by   TEXT   NOT NULL,
  given_at   BIGINT NOT NULL,
  revoked_by TEXT,
  revoked_at BIGINT,
  version    BIGINT NOT NULL,
  CHECK ((revoked_by IS NULL) = (revoked_at IS NULL))
);

CREATE INDEX role_assignment_holder ON role_assignment (holder_id, id) WHERE revoked_at IS NULL;

CREATE INDEX role_assignment_role ON role_assignment (role_id, id) WHERE revoked_at IS NULL;

CREATE TABLE session (
  id         TEXT   PRIMARY KEY,
  digest     TEXT   NOT NULL UNIQUE,
  user_id    TEXT   NOT NULL REFERENCES directory_user (id),
  checked    BIGINT NOT NULL,
  amr        TEXT   NOT NULL,
  acr        TEXT   NOT NULL,
  started_at BIGINT NOT NULL,
  seen_at    BIGINT NOT NULL,
  ends_at    BIGINT NOT NULL
, issuer TEXT REFERENCES trusted_issuer (id), link TEXT);

CREATE INDEX session_ends_at ON session (ends_at);

CREATE INDEX session_issuer ON session (issuer, checked) WHERE issuer IS NOT NULL;

CREATE INDEX session_of_user ON session (user_id, id);

CREATE TABLE signing_key (
  kid         TEXT    PRIMARY KEY,
  secret      BLOB NOT NULL,
  created_at  BIGINT  NOT NULL,
  active_from BIGINT  NOT NULL
, algorithm TEXT NOT NULL DEFAULT 'ES256');

CREATE TABLE subject_link (
  issuer_id    TEXT   NOT NULL REFERENCES trusted_issuer (id),
  sub          TEXT   NOT NULL,
  id           TEXT   NOT NULL,
  principal_id TEXT   NOT NULL,
  linked_at    BIGINT NOT NULL,
  PRIMARY KEY (issuer_id, sub)
);

CREATE UNIQUE INDEX subject_link_id ON subject_link (issuer_id, id);

CREATE INDEX subject_link_principal ON subject_link (principal_id);

CREATE TABLE task (
  id         TEXT   PRIMARY KEY,
  facts      TEXT   NOT NULL,
  expires_at BIGINT NOT NULL
);

CREATE INDEX task_expires_at ON task (expires_at);

CREATE TABLE trusted_issuer (
  id      TEXT    PRIMARY KEY,
  issuer  TEXT    NOT NULL UNIQUE,
  name    TEXT    NOT NULL,
  terms   TEXT    NOT NULL,
  secret  BLOB,
  active  BOOLEAN NOT NULL,
  version BIGINT  NOT NULL
);

CREATE TABLE user_invitation (
  user_id    TEXT   PRIMARY KEY,
  digest     TEXT   NOT NULL UNIQUE,
  expires_at BIGINT NOT NULL
);

CREATE TABLE user_password (
  user_id    TEXT    PRIMARY KEY REFERENCES directory_user (id),
  memory     INTEGER NOT NULL,
  passes     INTEGER NOT NULL,
  lanes      INTEGER NOT NULL,
  salt       BLOB NOT NULL,
  hash       BLOB NOT NULL,
  changed_at BIGINT  NOT NULL
);

CREATE TABLE user_recovery_code (
  user_id TEXT NOT NULL REFERENCES directory_user (id),
  digest  TEXT NOT NULL,
  used_at BIGINT,
  PRIMARY KEY (user_id, digest)
);

CREATE TABLE user_totp (
  user_id   TEXT    PRIMARY KEY REFERENCES directory_user (id),
  secret    BLOB NOT NULL,
  used_step BIGINT  NOT NULL
);

CREATE TABLE workload (
  id          TEXT    PRIMARY KEY,
  name        TEXT    NOT NULL,
  description TEXT    NOT NULL,
  owner_id    TEXT    NOT NULL,
  active      BOOLEAN NOT NULL,
  roles       TEXT    NOT NULL,
  version     BIGINT  NOT NULL
, transaction_tokens BOOLEAN NOT NULL DEFAULT FALSE);

CREATE INDEX workload_owner ON workload (owner_id);

CREATE TABLE write_check (
  one  BIGINT  PRIMARY KEY CHECK (one = 1),
  room BLOB NOT NULL
);
