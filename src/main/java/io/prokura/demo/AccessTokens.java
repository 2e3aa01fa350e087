package io.prokura.demo;

import static io.prokura.kernel.Refusal.TOKEN_INVALID;
import static io.prokura.kernel.Result.refused;

import io.prokura.jose.ExpectedType;
import io.prokura.jose.JwtReader;
import io.prokura.jose.JwtTimes;
import io.prokura.jose.UnverifiedJwt;
import io.prokura.jose.VerificationKey;
import io.prokura.json.Json;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Scopes;
import io.prokura.kernel.World;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Checks access tokens as a resource server does (RFC 9068 §4): who issued them, that they are for
/// this resource and no other, and that their time has not run out. Whether one was revoked since,
/// only the authorization server can say.
final class AccessTokens {
  private static final ExpectedType TYPE = ExpectedType.of("at+jwt");

  private final World world;
  private final Limits limits;
  private final JwtReader reader;
  private final String issuer;
  private final String audience;
  private final Function<UnverifiedJwt, Optional<VerificationKey>> keys;

  /// Accepts tokens that `issuer` signed with one of `keys` for `audience`.
  AccessTokens(
      World world,
      Limits limits,
      JwtReader reader,
      String issuer,
      String audience,
      Function<UnverifiedJwt, Optional<VerificationKey>> keys) {
    this.world = world;
    this.limits = limits;
    this.reader = reader;
    this.issuer = issuer;
    this.audience = audience;
    this.keys = keys;
  }

  /// Somebody who came with a good token.
  record Caller(String token, Json.Obj claims, Scopes scopes) {}

  /// Refuses `TOKEN_INVALID` what is no `at+jwt` of the issuer for this audience that is good now.
  /// Whether the caller holds the key that it is bound to is not looked at here.
  Result<Caller> check(String token) {
    var read = reader.read(token, TOKEN_INVALID);
    if (!(read instanceof Ok(var unverified))) {
      return read.refusal();
    }
    var jwt = unverified.verify(keys, TYPE, TOKEN_INVALID);
    if (!(jwt instanceof Ok(var verified))) {
      return jwt.refusal();
    }
    var claims = verified.claims();
    if (!claims.text("iss").equals(Optional.of(issuer))) {
      return refused(TOKEN_INVALID, "the token is of another issuer");
    }
    if (!audiences(claims).contains(audience)) {
      return refused(TOKEN_INVALID, "the token is for another resource");
    }
    var times =
        JwtTimes.check(claims, world.now(), Duration.ZERO, limits.clockSkew(), TOKEN_INVALID);
    if (!(times instanceof Ok<?>)) {
      return times.refusal();
    }
    return Scopes.parse(claims.text("scope").orElse(""), limits)
        .map(scopes -> new Caller(token, claims, scopes));
  }

  private static List<String> audiences(Json.Obj claims) {
    return claims.text("aud").map(List::of).or(() -> claims.texts("aud")).orElse(List.of());
  }
}
