package io.prokura.issuers;

import static io.prokura.kernel.Refusal.ASSERTION_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.jose.ExpectedType;
import io.prokura.jose.JwtReader;
import io.prokura.jose.JwtTimes;
import io.prokura.json.Json;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.World;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Verifies what platforms say of their agents (draft-carleton-workload-authz-grant, RFC 7523 §3).
/// This server or its token endpoint is among the audiences, the assertion says when it was issued,
/// has a name of its own, and is good for an hour at most.
///
/// It is `JWT` by its `typ` or has none, as an ID token may, too. What keeps the two apart is that
/// an issuer that speaks of agents is believed about nobody else, that whoever signs a person in is
/// not its audience, and that no claim is in it that only other kinds have.
public final class AgentAssertions {
  private static final ExpectedType PLAIN = ExpectedType.of("JWT").orAbsent();
  private static final Duration AHEAD_MAX = Duration.ofHours(1);
  private static final int NAME_MAX = 255;
  private static final int AUDIENCES_MAX = 20;

  /// Claims of ID tokens, logout and security event tokens, DPoP proofs, tokens for somebody, and
  /// what has to be understood if it is there.
  private static final List<String> FOREIGN =
      List.of(
          "nonce",
          "at_hash",
          "c_hash",
          "s_hash",
          "auth_time",
          "events",
          "htm",
          "htu",
          "act",
          "may_act",
          "authorization_details");

  /// One answer to an unknown issuer, one that is not trusted for this, and a foreign key.
  private static final String UNPROVEN =
      "the assertion is not signed by an issuer that is trusted for this";

  private final List<Json> own;
  private final World world;
  private final Limits limits;
  private final JwtReader reader;
  private final Issuers issuers;
  private final IssuerKeys keys;

  /// `own` is what this server is known by, `endpoint` the address of its token endpoint.
  public AgentAssertions(
      String own,
      String endpoint,
      World world,
      Limits limits,
      JwtReader reader,
      Issuers issuers,
      IssuerKeys keys) {
    this.own = List.of(Json.text(own), Json.text(endpoint));
    this.world = world;
    this.limits = limits;
    this.reader = reader;
    this.issuers = issuers;
    this.keys = keys;
  }

  /// Whether `compact` says it is of an issuer that is believed about agents, and is no ID-JAG;
  /// anybody may have written it.
  public boolean isMeant(String compact) {
    return reader.read(compact, ASSERTION_INVALID) instanceof Ok(var unverified)
        && PLAIN.admits(unverified.typ())
        && issuer(unverified.unverifiedClaims())
            .filter(one -> one.terms().agents().isPresent())
            .isPresent();
  }

  /// What `compact` proves; refuses `ASSERTION_INVALID`.
  public Result<AgentAssertion> verify(String compact) {
    var read = reader.read(compact, ASSERTION_INVALID);
    if (!(read instanceof Ok(var unverified))) {
      return read.refusal();
    }
    var issuer = issuer(unverified.unverifiedClaims());
    var terms = issuer.flatMap(one -> one.terms().agents());
    if (terms.isEmpty()) {
      return refused(ASSERTION_INVALID, UNPROVEN);
    }
    var verified = keys.verify(issuer.get(), unverified, PLAIN, ASSERTION_INVALID);
    return verified instanceof Ok(var jwt)
        ? check(issuer.get(), terms.get(), jwt.claims())
        : verified.refusal();
  }

  private Optional<TrustedIssuer> issuer(Json.Obj unverified) {
    return unverified.text("iss").flatMap(issuers::named);
  }

  private Result<AgentAssertion> check(TrustedIssuer issuer, AgentTerms terms, Json.Obj claims) {
    if (!isForUs(claims.get("aud").orElse(new Json.Null()))) {
      return refused(
          ASSERTION_INVALID,
          "neither this issuer nor its token endpoint is in the assertion's aud");
    }
    var sub = claims.text("sub").orElse("");
    if (!isName(sub) || !isName(claims.text("jti").orElse(""))) {
      return refused(ASSERTION_INVALID, "the assertion has no sub or no jti");
    }
    if (sub.equals(issuer.issuer())) {
      return refused(ASSERTION_INVALID, "the assertion is about its issuer and no agent");
    }
    for (var name : FOREIGN) {
      if (claims.get(name).isPresent()) {
        return refused(ASSERTION_INVALID, "the claim %s has no place in it".formatted(name));
      }
    }
    var other = otherTenant(terms, claims);
    return other.isPresent()
        ? refused(ASSERTION_INVALID, other.get())
        : timely(issuer, terms, claims);
  }

  /// A text, or a list in which this server is named among others.
  private boolean isForUs(Json audience) {
    return audience instanceof Json.Arr(var all)
        ? all.size() <= AUDIENCES_MAX
            && all.stream().allMatch(Json.Str.class::isInstance)
            && all.stream().anyMatch(own::contains)
        : own.contains(audience);
  }

  /// Why the agent is another customer's, if it is. Who is registered as one customer's and names
  /// its customer all the same is shared after all.
  private static Optional<String> otherTenant(AgentTerms terms, Json.Obj claims) {
    if (terms.tenant().isPresent()) {
      return terms.tenant().filter(one -> !one.isOf(claims)).map(_ -> "it is another tenant's");
    }
    return claims
        .get("tenant")
        .map(_ -> "the issuer names a tenant and isn't registered as shared");
  }

  private Result<AgentAssertion> timely(TrustedIssuer issuer, AgentTerms terms, Json.Obj claims) {
    var now = world.now();
    var skew = limits.clockSkew();
    var checked = JwtTimes.check(claims, now, skew, skew, ASSERTION_INVALID);
    if (!(checked instanceof Ok(var times))) {
      return checked.refusal();
    }
    if (times.issuedAt().isEmpty()) {
      return refused(ASSERTION_INVALID, "the assertion has no iat");
    }
    var end = times.expiresAt();
    if (end.isAfter(now.plus(AHEAD_MAX).plus(skew))
        || end.isAfter(times.issuedAt().get().plus(AHEAD_MAX))) {
      return refused(ASSERTION_INVALID, "the assertion is good for more than an hour");
    }
    return ok(new AgentAssertion(issuer, terms, end.plus(skew), claims));
  }

  private static boolean isName(String text) {
    return !text.isEmpty()
        && text.length() <= NAME_MAX
        && text.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
  }
}
