package io.prokura.issuers;

import io.prokura.json.Json;
import io.prokura.kernel.Id;

/// Proof that an issuer told this server, in answer to one request, who signed in there (OpenID
/// Connect Core 1.0 §2). Only [IdTokens] can make one. `sub` means something together with the
/// issuer alone.
public final class IdToken {
  private final Id.Issuer issuer;
  private final String sub;
  private final Json.Obj claims;

  IdToken(Id.Issuer issuer, String sub, Json.Obj claims) {
    this.issuer = issuer;
    this.sub = sub;
    this.claims = claims;
  }

  public Id.Issuer issuer() {
    return issuer;
  }

  public String sub() {
    return sub;
  }

  public Json.Obj claims() {
    return claims;
  }
}
