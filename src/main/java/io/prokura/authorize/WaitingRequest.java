package io.prokura.authorize;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// An authorization request that waits: pushed by its client, or kept while the person signs in or
/// decides.
///
/// @param keyThumbprint the key that was proven when it was pushed (RFC 9449 §10.1)
/// @param begunAt when a browser first came with it
record WaitingRequest(
    String handle,
    String clientId,
    Map<String, String> parameters,
    boolean pushed,
    Optional<String> keyThumbprint,
    Optional<Instant> begunAt,
    Instant expiresAt,
    boolean spent) {

  WaitingRequest {
    parameters = Map.copyOf(parameters);
  }
}
