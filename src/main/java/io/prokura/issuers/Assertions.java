package io.prokura.issuers;

import static io.prokura.kernel.Refusal.ASSERTION_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.issuers.TrustedIssuer.Grant;
import io.prokura.jose.ExpectedType;
import io.prokura.jose.JwtReader;
import io.prokura.jose.JwtTimes;
import io.prokura.json.Json;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Verifies the assertions of trusted issuers (RFC 7523 §3), more narrowly than asked for: this
/// server is the only audience, the assertion says when it was issued, has a name of its own, and
/// lasts an hour at most.
///
/// Its `typ` tells which kind it is, so that no JWT of another kind is taken for one: an ID-JAG has
/// its own (draft-ietf-oauth-identity-assertion-authz-grant §3), any other is `JWT` or has none.
public final class Assertions {
  private static final ExpectedType PLAIN = ExpectedType.of("JWT").orAbsent();
  private static final ExpectedType ID_JAG = ExpectedType.of("oauth-id-jag+jwt");
  private static final Duration AHEAD_MAX = Duration.ofHours(1);
  private static final int NAME_MAX = 255;

  /// One answer to an unknown issuer, one that is not trusted for this, and a foreign key.
  private static final String UNPROVEN =
      "the assertion is not signed by an issuer that is trusted for this";

  private final String own;
  private final World world;
  private final Limits limits;
  private final JwtReader reader;
  private final Issuers issuers;
  private final IssuerKeys keys;

  /// `own` is what this server itself is known by.
  public Assertions(
      String own, World world, Limits limits, JwtReader reader, Issuers issuers, IssuerKeys keys) {
    this.own = own;
    this.world = world;
    this.limits = limits;
    this.reader = reader;
    this.issuers = issuers;
    this.keys = keys;
  }

  /// What `compact` proves; refuses `ASSERTION_INVALID`.
  public Result<Assertion> verify(String compact) {
    var read = reader.read(compact, ASSERTION_INVALID);
    if (!(read instanceof Ok(var unverified))) {
      return read.refusal();
    }
    var grant = unverified.typ().isPresent() ? kind(unverified.typ().get()) : Grant.JWT_BEARER;
    var issuer =
        unverified
            .unverifiedClaims()
            .text("iss")
            .flatMap(issuers::named)
            .filter(one -> one.terms().grants().contains(grant));
    if (issuer.isEmpty()) {
      return refused(ASSERTION_INVALID, UNPROVEN);
    }
    var type = grant == Grant.ID_JAG ? ID_JAG : PLAIN;
    var verified = keys.verify(issuer.get(), unverified, type, ASSERTION_INVALID);
    if (!(verified instanceof Ok(var jwt))) {
      return verified.refusal();
    }
    return check(issuer.get(), grant, jwt.claims());
  }

  private static Grant kind(String typ) {
    return ID_JAG.admits(Optional.of(typ)) ? Grant.ID_JAG : Grant.JWT_BEARER;
  }

  private Result<Assertion> check(TrustedIssuer issuer, Grant grant, Json.Obj claims) {
    if (!isForUs(claims.get("aud").orElse(new Json.Null()), grant)) {
      return refused(
          ASSERTION_INVALID, "the assertion's aud has to be this issuer and nothing else");
    }
    if (!isName(claims.text("sub").orElse("")) || !isName(claims.text("jti").orElse(""))) {
      return refused(ASSERTION_INVALID, "the assertion has no sub or no jti");
    }
    // Names of one tenant of an issuer may be another's elsewhere; details have to be understood.
    for (var name : List.of("tenant", "authorization_details")) {
      if (claims.get(name).isPresent()) {
        return refused(ASSERTION_INVALID, "the claim %s is not supported".formatted(name));
      }
    }
    var now = world.now();
    var skew = limits.clockSkew();
    var checked = JwtTimes.check(claims, now, skew, skew, ASSERTION_INVALID);
    if (!(checked instanceof Ok(var times))) {
      return checked.refusal();
    }
    if (times.issuedAt().isEmpty()) {
      return refused(ASSERTION_INVALID, "the assertion has no iat");
    }
    if (times.expiresAt().isAfter(now.plus(AHEAD_MAX).plus(skew))) {
      return refused(ASSERTION_INVALID, "the assertion's exp lies more than an hour ahead");
    }
    if (!isTimeOfSignIn(claims, now.plus(skew))) {
      return refused(ASSERTION_INVALID, "the assertion's auth_time is no time that has been");
    }
    return ok(new Assertion(issuer, grant, times.expiresAt().plus(skew), claims));
  }

  /// A text; of an ID-JAG also a list of nothing but that text.
  private boolean isForUs(Json audience, Grant grant) {
    return audience.equals(Json.text(own))
        || (grant == Grant.ID_JAG && audience.equals(Json.texts(List.of(own))));
  }

  private static boolean isTimeOfSignIn(Json.Obj claims, Instant now) {
    return claims.get("auth_time").isEmpty()
        || claims
            .number("auth_time")
            .filter(time -> time >= 0 && time <= now.getEpochSecond())
            .isPresent();
  }

  private static boolean isName(String text) {
    return !text.isEmpty()
        && text.length() <= NAME_MAX
        && text.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
  }
}
