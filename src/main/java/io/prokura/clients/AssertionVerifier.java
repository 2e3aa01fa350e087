package io.prokura.clients;

import static io.prokura.kernel.Refusal.CLIENT_NOT_AUTHENTICATED;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.jose.Algorithm;
import io.prokura.jose.ExpectedType;
import io.prokura.jose.JwtReader;
import io.prokura.jose.JwtTimes;
import io.prokura.json.Json;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.World;
import java.util.List;

/// Checks client assertions (RFC 7523 §3 as draft-ietf-oauth-rfc7523bis tightens it): signed by a
/// key of the client, for this issuer alone, short-lived and used once.
final class AssertionVerifier {
  private static final ExpectedType TYPE =
      ExpectedType.of("client-authentication+jwt", "JWT").orAbsent();

  /// One answer to an unknown client, a foreign key and a wrong type, so that it tells nothing
  /// about who is registered.
  private static final String UNPROVEN =
      "the assertion is not a client-authentication+jwt signed with a key of a known client";

  private final World world;
  private final Limits limits;
  private final String issuer;
  private final JwtReader reader;
  private final ClientKeys keys;
  private final Clients clients;
  private final OneTime oneTime;
  private final KnownClients known;

  AssertionVerifier(
      World world,
      Limits limits,
      String issuer,
      JwtReader reader,
      ClientKeys keys,
      Clients clients,
      OneTime oneTime,
      KnownClients known) {
    this.known = known;
    this.world = world;
    this.limits = limits;
    this.issuer = issuer;
    this.reader = reader;
    this.keys = keys;
    this.clients = clients;
    this.oneTime = oneTime;
  }

  /// The holder that wrote `compact`, which is used up by that. Refuses `CLIENT_NOT_AUTHENTICATED`.
  Result<Proven> verify(String compact) {
    var read = reader.read(compact, CLIENT_NOT_AUTHENTICATED);
    if (!(read instanceof Ok(var unverified))) {
      return read.refusal();
    }
    var claims = unverified.unverifiedClaims();
    var client = claims.text("sub").orElse("");
    if (client.isEmpty() || !claims.text("iss").orElse("").equals(client)) {
      return refused(CLIENT_NOT_AUTHENTICATED, "iss and sub of the assertion are the client id");
    }
    known.find(client);
    var holder = Holder.parse(client);
    var signed = holder.flatMap(one -> keys.signed(unverified, one, TYPE));
    if (holder.isEmpty() || signed.isEmpty()) {
      return refused(CLIENT_NOT_AUTHENTICATED, UNPROVEN);
    }
    boolean isFapi2 = clients.isFapi2(holder.get());
    if (isFapi2 && unverified.algorithm() == Algorithm.RS256) {
      return refused(CLIENT_NOT_AUTHENTICATED, "under fapi2 RS256 is not taken; use PS256");
    }
    var audiences =
        isOlder(holder.get()) ? List.of(issuer, issuer + "/oauth2/token") : List.of(issuer);
    var fresh = fresh(client, signed.get().jwt().claims(), audiences, isFapi2);
    return fresh.map(
        _ -> Proven.by(signed.get().credential(), AuthenticationMethod.PRIVATE_KEY_JWT));
  }

  /// Whether the client is one of older OpenID Connect, which has assertions addressed to the token
  /// endpoint (OpenID Connect Core §9).
  private boolean isOlder(Holder holder) {
    return holder instanceof Holder.Application(var id)
        && clients.find(id).filter(one -> one.registration().isPkceOptional()).isPresent();
  }

  private Result<OneTime.Outcome> fresh(
      String client, Json.Obj claims, List<String> audiences, boolean isFapi2) {
    var audience = claims.get("aud").orElse(new Json.Null());
    if (audiences.stream().noneMatch(one -> isAlone(one, audience, isFapi2))) {
      return refused(
          CLIENT_NOT_AUTHENTICATED, "the assertion's aud has to be the issuer and nothing else");
    }
    var now = world.now();
    var checked =
        JwtTimes.check(
            claims, now, limits.clockSkew(), limits.clockSkew(), CLIENT_NOT_AUTHENTICATED);
    if (!(checked instanceof Ok(var times))) {
      return checked.refusal();
    }
    var latest = now.plus(limits.assertionAheadMax()).plus(limits.clockSkew());
    if (times.expiresAt().isAfter(latest)) {
      return refused(
          CLIENT_NOT_AUTHENTICATED,
          "the assertion's exp lies more than %d seconds ahead"
              .formatted(limits.assertionAheadMax().toSeconds()));
    }
    var jti = claims.text("jti").orElse("");
    if (jti.isEmpty()) {
      return refused(CLIENT_NOT_AUTHENTICATED, "the assertion has no jti");
    }
    return outcome(use(client, jti, times));
  }

  private OneTime.Outcome use(String client, String jti, JwtTimes times) {
    var until = times.expiresAt().plus(limits.clockSkew());
    var use = "client assertion " + client;
    return times
        .issuedAt()
        .map(issuedAt -> oneTime.use(use, jti, issuedAt, until))
        .orElseGet(() -> oneTime.use(use, jti, until));
  }

  private static Result<OneTime.Outcome> outcome(OneTime.Outcome outcome) {
    return switch (outcome) {
      case FIRST -> ok(outcome);
      case REPEATED -> refused(CLIENT_NOT_AUTHENTICATED, "the assertion's jti has been used");
      case BEFORE_START ->
          refused(
              CLIENT_NOT_AUTHENTICATED,
              "the assertion was issued before this server started; make a new one");
      case FULL ->
          refused(CLIENT_NOT_AUTHENTICATED, "too many assertions are in use; try again later");
    };
  }

  /// A text, or a list of nothing but that text, which FAPI 2.0 has no use for (§5.3.2.1); a second
  /// audience could be a server that replays.
  private static boolean isAlone(String one, Json audience, boolean isFapi2) {
    return audience.equals(Json.text(one))
        || (!isFapi2 && audience.equals(Json.texts(List.of(one))));
  }
}
