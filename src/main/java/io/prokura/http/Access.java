package io.prokura.http;

/// Who may call a route. The row states it; the application wraps the verb with the check.
public sealed interface Access {

  /// No authentication at all.
  record Anyone() implements Access {}

  /// An OAuth client; the endpoint authenticates it itself (RFC 6749 §2.3).
  record Client() implements Access {}

  /// A policy enforcement point that asks for decisions.
  record Enforcer() implements Access {}

  /// A caller of the management API who may do `action`, a name the access policies know.
  record Managed(String action) implements Access {}
}
