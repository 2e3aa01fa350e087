package io.prokura.tokens;

import io.prokura.jose.Base64Url;
import io.prokura.jose.JwtWriter;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.World;
import java.time.Duration;

/// Mints logout tokens, which tell an application that a session has ended (OpenID Connect
/// Back-Channel Logout 1.0 §2.4). They have a type of their own and no `nonce`, so that none passes
/// for an ID token.
public final class LogoutTokens {
  private static final String TYPE = "logout+jwt";
  private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";
  private static final Duration LIFETIME = Duration.ofMinutes(2);
  private static final int ID_BYTES = 16;

  private final String issuer;
  private final World world;
  private final Audiences audiences;

  public LogoutTokens(String issuer, World world, Audiences audiences) {
    this.issuer = issuer;
    this.world = world;
    this.audiences = audiences;
  }

  /// Signs a logout token for `clientId` about a session of `user`. Each has an id of its own,
  /// also where it repeats what another said.
  public String mint(String clientId, Id.User user, Id.Session session) {
    long now = world.now().getEpochSecond();
    var event = Json.object().put(EVENT, Json.object().build()).build();
    var claims =
        Json.object()
            .put("iss", issuer)
            .put("sub", audiences.subject(clientId, user))
            .put("aud", audiences.audience(clientId))
            .put("iat", now)
            .put("exp", now + LIFETIME.toSeconds())
            .put("jti", Base64Url.encode(world.bytes(ID_BYTES)))
            .put("sid", session.text())
            .put("events", event);
    return JwtWriter.mint(audiences.key(clientId), TYPE, claims.build());
  }
}
