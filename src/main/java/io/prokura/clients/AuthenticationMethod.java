package io.prokura.clients;

import java.util.Arrays;
import java.util.List;

/// How a client proves itself (RFC 8414 §2, `token_endpoint_auth_methods_supported`).
public enum AuthenticationMethod {
  /// Id and secret in the `Authorization` header (RFC 6749 §2.3.1).
  CLIENT_SECRET_BASIC("client_secret_basic"),
  /// Id and secret in the form (RFC 6749 §2.3.1).
  CLIENT_SECRET_POST("client_secret_post"),
  /// An assertion signed with the client's key (RFC 7523 §2.2).
  PRIVATE_KEY_JWT("private_key_jwt"),
  /// A certificate of one of the organisation's authorities for a registered name (RFC 8705 §2.1).
  TLS_CLIENT_AUTH("tls_client_auth"),
  /// A certificate that is registered itself (RFC 8705 §2.2).
  SELF_SIGNED_TLS_CLIENT_AUTH("self_signed_tls_client_auth"),
  /// None: a public application only says who it is (RFC 6749 §2.1).
  NONE("none");

  private final String label;

  AuthenticationMethod(String label) {
    this.label = label;
  }

  /// The registered name.
  public String label() {
    return label;
  }

  /// The registered names of all methods that prove something.
  public static List<String> labels() {
    return Arrays.stream(values())
        .filter(one -> one != NONE)
        .map(AuthenticationMethod::label)
        .toList();
  }
}
