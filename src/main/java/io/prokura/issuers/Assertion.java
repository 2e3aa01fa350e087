package io.prokura.issuers;

import io.prokura.issuers.TrustedIssuer.Grant;
import io.prokura.json.Json;
import java.time.Instant;
import java.util.Optional;

/// Proof that a trusted issuer told this server who somebody is, for getting a token by that (RFC
/// 7523 §3). Only [Assertions] can make one. `sub` means something together with the issuer alone.
/// Whether it was used before, and who presents it, is for others to find out.
public final class Assertion {
  private final TrustedIssuer issuer;
  private final Grant grant;
  private final Instant expiresAt;
  private final Json.Obj claims;

  Assertion(TrustedIssuer issuer, Grant grant, Instant expiresAt, Json.Obj claims) {
    this.issuer = issuer;
    this.grant = grant;
    this.expiresAt = expiresAt;
    this.claims = claims;
  }

  public TrustedIssuer issuer() {
    return issuer;
  }

  /// Which kind it is.
  public Grant grant() {
    return grant;
  }

  public String sub() {
    return claims.text("sub").orElseThrow();
  }

  /// The claim `jti`, which no other assertion of the issuer has.
  public String id() {
    return claims.text("jti").orElseThrow();
  }

  /// From when on nobody accepts it, clocks that differ allowed for.
  public Instant expiresAt() {
    return expiresAt;
  }

  /// When the subject had proved who they are, where the issuer says so.
  public Optional<Instant> authTime() {
    return claims.number("auth_time").map(Instant::ofEpochSecond);
  }

  public Json.Obj claims() {
    return claims;
  }
}
