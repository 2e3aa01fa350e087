package io.prokura.keys;

import io.prokura.http.Request;
import io.prokura.http.Response;

/// The JWK Set of the server (RFC 7517 §5).
public final class JwksEndpoint {
  private final SigningKeys keys;

  public JwksEndpoint(SigningKeys keys) {
    this.keys = keys;
  }

  /// Answers the published keys; caches may keep them for less than a key's lead time.
  public Response jwks(Request request) {
    return Response.json(200, keys.jwks().toJson()).cacheable("public, max-age=300");
  }
}
