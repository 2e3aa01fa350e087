package io.prokura.selftest;

/// A workload or an application that proves itself by a secret (RFC 6749 §2.3.1).
///
/// @param secret never shown
record Secretive(Wire wire, String id, String secret) {

  /// Posts a form, with the secret in the header.
  Reply post(String path, String... pairs) {
    return wire.send(form(path, pairs));
  }

  Sent form(String path, String... pairs) {
    return Sent.form(path, pairs).basic(id, secret);
  }

  /// What introspection tells it of a token (RFC 7662).
  Reply introspect(String token) {
    return post(Scene.INTROSPECT, "token", token);
  }

  @Override
  public String toString() {
    return id;
  }
}
