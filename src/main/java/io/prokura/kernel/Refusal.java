package io.prokura.kernel;

/// The catalogue of everything the server says no with: for each reason the registered OAuth error
/// code and the HTTP status it travels under. `docs/errors.md` has a section for every constant.
public enum Refusal {
  // The request itself
  MALFORMED_REQUEST("invalid_request", 400),
  DUPLICATE_PARAMETER("invalid_request", 400),
  FIELD_INVALID("invalid_request", 400),
  PAYLOAD_TOO_LARGE("invalid_request", 413),
  METHOD_NOT_ALLOWED("invalid_request", 405),
  NOT_FOUND("not_found", 404),

  // Who calls
  CLIENT_NOT_AUTHENTICATED("invalid_client", 401),
  CLIENT_NOT_ALLOWED("unauthorized_client", 400),
  PRINCIPAL_NOT_ACTIVE("unauthorized_client", 400),
  CLIENT_UNKNOWN("invalid_request", 400),
  DPOP_PROOF_INVALID("invalid_dpop_proof", 400),
  DPOP_NONCE_REQUIRED("use_dpop_nonce", 400),
  KEY_PROOF_REQUIRED("invalid_request", 400),
  GRANT_UNSUPPORTED("unsupported_grant_type", 400),
  TOKEN_INVALID("invalid_token", 401),
  SCOPE_INSUFFICIENT("insufficient_scope", 403),
  POLICY_FORBIDS("access_denied", 403),

  // What is asked for
  RESOURCE_UNKNOWN("invalid_target", 400),
  SCOPE_UNKNOWN("invalid_scope", 400),
  SCOPE_NOT_PERMITTED("invalid_scope", 400),
  PURPOSE_REQUIRED("invalid_request", 400),
  PURPOSE_NOT_DECLARED("invalid_request", 400),
  PURPOSE_NOT_COVERING("invalid_scope", 400),

  // Delegation
  SUBJECT_TOKEN_INVALID("invalid_request", 400),
  ACTOR_TOKEN_INVALID("invalid_request", 400),
  ACTOR_UNAUTHORIZED("actor_unauthorized", 400),
  DELEGATION_INACTIVE("invalid_request", 400),
  TARGET_NOT_DELEGATED("invalid_target", 400),
  SCOPE_NOT_DELEGATED("invalid_scope", 400),
  CHAIN_TOO_DEEP("invalid_request", 400),
  HAND_OVER_USED("invalid_request", 400),
  ASSERTION_INVALID("invalid_grant", 400),
  ASSERTIONS_TOO_MANY("temporarily_unavailable", 429),
  SIGN_IN_TOO_OLD("insufficient_user_authentication", 400),

  // What a person is asked for
  REDIRECT_URI_INVALID("invalid_request", 400),
  RESPONSE_TYPE_UNSUPPORTED("unsupported_response_type", 400),
  REQUEST_OBJECT_UNSUPPORTED("request_not_supported", 400),
  REQUEST_OBJECT_INVALID("invalid_request_object", 400),
  AUTHORIZATION_DETAILS_INVALID("invalid_authorization_details", 400),
  REQUEST_URI_INVALID("invalid_request_uri", 400),
  REQUEST_URI_UNSUPPORTED("request_uri_not_supported", 400),
  LOGIN_REQUIRED("login_required", 400),
  AUTHENTICATION_UNMET("unmet_authentication_requirements", 400),
  CONSENT_REQUIRED("consent_required", 400),
  CONSENT_DENIED("access_denied", 403),
  FORM_FORGED("access_denied", 403),
  CODE_INVALID("invalid_grant", 400),
  ACTOR_NOT_PROVEN("invalid_grant", 400),
  REFRESH_TOKEN_INVALID("invalid_grant", 400),
  BINDING_MESSAGE_INVALID("invalid_binding_message", 400),
  TOO_MANY_WAITING("temporarily_unavailable", 429),
  AUTHORIZATION_PENDING("authorization_pending", 400),
  SLOW_DOWN("slow_down", 400),
  POLLED_REQUEST_EXPIRED("expired_token", 400),
  POLLED_REQUEST_DENIED("access_denied", 400),
  POLLED_REQUEST_INVALID("invalid_grant", 400),

  // Registering oneself
  CLIENT_METADATA_INVALID("invalid_client_metadata", 400),
  CLIENT_REDIRECT_URI_INVALID("invalid_redirect_uri", 400),
  SOFTWARE_STATEMENT_UNAPPROVED("unapproved_software_statement", 400),
  REGISTRATIONS_TOO_MANY("temporarily_unavailable", 429),

  // Approval
  DENIAL_MISMATCH("invalid_request", 400),
  DENIAL_EXPIRED("invalid_request", 410),
  DENIAL_NOT_REQUESTABLE("invalid_request", 400),

  // Management
  DUPLICATE("conflict", 409),
  POLICIES_INVALID("invalid_request", 400),
  POLICIES_LOCK_OUT("conflict", 409),
  SECOND_PERSON_REQUIRED("access_denied", 403),
  STATE_CONFLICT("conflict", 409),
  ROLES_EXCLUSIVE("conflict", 409),
  REFERENCE_UNKNOWN("invalid_request", 400),
  PRECONDITION_MISSING("precondition_required", 428),
  PRECONDITION_STALE("precondition_failed", 412),
  IDEMPOTENCY_KEY_REUSED("idempotency_key_reused", 422);

  private final String error;
  private final int status;

  Refusal(String error, int status) {
    this.error = error;
    this.status = status;
  }

  /// The error code on the wire, from the OAuth registry where that has one.
  public String error() {
    return error;
  }

  /// The HTTP status this refusal travels under.
  public int status() {
    return status;
  }

  /// The stable name in URLs, documents and metrics: `client-not-authenticated`.
  public String slug() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }
}
