package io.prokura.jose;

import io.prokura.json.Json;
import java.util.Optional;

/// Proof that the holder of a key signed these claims under a `typ` that was expected. It says
/// nothing about time, audience or issuer; only `UnverifiedJwt.verify` can make one.
public final class Jwt {
  private final Json.Obj header;
  private final Json.Obj claims;
  private final VerificationKey key;

  Jwt(Json.Obj header, Json.Obj claims, VerificationKey key) {
    this.header = header;
    this.claims = claims;
    this.key = key;
  }

  public Optional<String> typ() {
    return header.text("typ");
  }

  public Json.Obj header() {
    return header;
  }

  public Json.Obj claims() {
    return claims;
  }

  /// The key that signed.
  public VerificationKey key() {
    return key;
  }
}
