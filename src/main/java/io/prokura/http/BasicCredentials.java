package io.prokura.http;

/// The user id and password of an `Authorization: Basic` header, both form-url-decoded as OAuth
/// clients encode them (RFC 6749 §2.3.1).
public record BasicCredentials(String id, String secret) {

  /// Without the secret, so that it gets into no log.
  @Override
  public String toString() {
    return "BasicCredentials[" + id + "]";
  }
}
