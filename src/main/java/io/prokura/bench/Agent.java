package io.prokura.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.jose.SigningKey;
import java.util.Base64;

/// A registered agent that makes requests: its id, its two credentials, the person it may act for
/// and the delegation that says so.
record Agent(String id, String secret, SigningKey key, String person, String delegation) {

  /// The value of `Authorization` with which it proves itself.
  String basic() {
    return basic(id, secret);
  }

  /// HTTP Basic for a client whose id and secret need no encoding (RFC 6749 §2.3.1).
  static String basic(String id, String secret) {
    return "Basic " + Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(UTF_8));
  }
}
