package io.prokura.issuers;

import static io.prokura.kernel.Refusal.TOKEN_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.jose.ExpectedType;
import io.prokura.jose.JwtReader;
import io.prokura.jose.JwtTimes;
import io.prokura.json.Json;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.World;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;

/// Verifies ID tokens of trusted issuers (OpenID Connect Core 1.0 §3.1.3.7), more narrowly than
/// asked for: this server is the only audience, and the token was made within ten minutes.
public final class IdTokens {
  private static final ExpectedType TYPE = ExpectedType.of("JWT").orAbsent();
  private static final Duration AGE_MAX = Duration.ofMinutes(10);
  private static final int SUB_MAX = 255;

  private final World world;
  private final Limits limits;
  private final JwtReader reader;
  private final IssuerKeys keys;

  public IdTokens(World world, Limits limits, JwtReader reader, IssuerKeys keys) {
    this.world = world;
    this.limits = limits;
    this.reader = reader;
    this.keys = keys;
  }

  /// What `compact` proves when it comes from `issuer` for its client `clientId`, in answer to the
  /// request with `nonce`. Refuses `TOKEN_INVALID`.
  public Result<IdToken> verify(
      TrustedIssuer issuer, String clientId, String nonce, String compact) {
    if (!issuer.active()) {
      return refused(TOKEN_INVALID, "the issuer is not active");
    }
    var read = reader.read(compact, TOKEN_INVALID);
    if (!(read instanceof Ok(var unverified))) {
      return read.refusal();
    }
    var verified = keys.verify(issuer, unverified, TYPE, TOKEN_INVALID);
    if (!(verified instanceof Ok(var jwt))) {
      return verified.refusal();
    }
    var claims = jwt.claims();
    if (!claims.text("iss").orElse("").equals(issuer.issuer())) {
      return refused(TOKEN_INVALID, "the ID token is another issuer's");
    }
    if (!isFor(clientId, claims)) {
      return refused(TOKEN_INVALID, "the ID token is for somebody else");
    }
    if (!isNonce(nonce, claims)) {
      return refused(TOKEN_INVALID, "the ID token answers another request");
    }
    var times = times(claims);
    if (!(times instanceof Ok<JwtTimes>)) {
      return times.refusal();
    }
    var sub = claims.text("sub").orElse("");
    return isSub(sub)
        ? ok(new IdToken(issuer.id(), sub, claims))
        : refused(TOKEN_INVALID, "the ID token has no sub");
  }

  private static boolean isFor(String clientId, Json.Obj claims) {
    var audience = claims.get("aud").orElse(new Json.Null());
    boolean isAudience =
        audience.equals(Json.text(clientId)) || audience.equals(Json.texts(List.of(clientId)));
    return isAudience
        && (claims.get("azp").isEmpty() || claims.get("azp").get().equals(Json.text(clientId)));
  }

  private static boolean isNonce(String nonce, Json.Obj claims) {
    var given = claims.text("nonce").orElse("");
    return !nonce.isEmpty() && MessageDigest.isEqual(given.getBytes(UTF_8), nonce.getBytes(UTF_8));
  }

  private Result<JwtTimes> times(Json.Obj claims) {
    var now = world.now();
    var skew = limits.clockSkew();
    var issued = JwtTimes.checkIssued(claims, now, AGE_MAX, skew, TOKEN_INVALID);
    return issued instanceof Ok<?>
        ? JwtTimes.check(claims, now, skew, skew, TOKEN_INVALID)
        : issued.refusal();
  }

  private static boolean isSub(String sub) {
    return !sub.isEmpty()
        && sub.length() <= SUB_MAX
        && sub.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
  }
}
