package io.prokura.tokens;

import io.prokura.jose.JwtWriter;
import io.prokura.json.Json;
import java.util.Optional;

/// Signs what userinfo tells those applications that want it signed (OpenID Connect Core §5.3.2).
public final class SignedUserinfo {
  private final String issuer;
  private final Audiences audiences;

  public SignedUserinfo(String issuer, Audiences audiences) {
    this.issuer = issuer;
    this.audiences = audiences;
  }

  /// The claims as a JWT for `clientId` alone; nothing where it wants them plain. Not to be called
  /// in a transaction.
  public Optional<String> of(String clientId, Json.Obj claims) {
    return audiences
        .userinfoKey(clientId)
        .map(
            key ->
                JwtWriter.mint(
                    key,
                    "JWT",
                    Json.object()
                        .put("iss", issuer)
                        .put("aud", audiences.audience(clientId))
                        .putAll(claims.members())
                        .build()));
  }
}
