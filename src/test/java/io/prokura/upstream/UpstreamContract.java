package io.prokura.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.audit.Refusals;
import io.prokura.clients.OneTime;
import io.prokura.cutoff.CutOffs;
import io.prokura.directory.ManagementRole;
import io.prokura.directory.Registers;
import io.prokura.issuers.IdTokens;
import io.prokura.issuers.IssuerKeys;
import io.prokura.issuers.Issuers;
import io.prokura.issuers.StandInIssuer;
import io.prokura.issuers.TrustedIssuer;
import io.prokura.issuers.TrustedIssuer.KeySource;
import io.prokura.issuers.TrustedIssuer.SignIn;
import io.prokura.issuers.TrustedIssuer.Terms;
import io.prokura.jose.Crypto;
import io.prokura.jose.JwtReader;
import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Id;
import io.prokura.kernel.Lineage;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.outbound.Outbound;
import io.prokura.outbound.Outbound.Reach;
import io.prokura.outbound.Resolver;
import io.prokura.sessions.Session;
import io.prokura.sessions.Sessions;
import io.prokura.sql.Database;
import io.prokura.upstream.Linking.Linked;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// People who sign in by an issuer, and what issuers, strangers and other browsers may try, on
/// every database. A subclass names the database.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class UpstreamContract {
  private static final String OWN = "http://localhost:8420";

  private final Registers all;
  private final StandInIssuer honest;
  private final StandInIssuer hostile;
  private final Issuers issuers;
  private final Links links;
  private final CutOffs cutOffs;
  private final Sessions sessions;
  private final Upstream upstream;
  private final Linking linking;
  private final TrustedIssuer first;
  private final TrustedIssuer second;

  UpstreamContract(Database database) {
    all = new Registers(database);
    honest = new StandInIssuer(all.world);
    hostile = new StandInIssuer(all.world);
    var json = new JsonReader(all.limits);
    var tls = (SSLSocketFactory) SSLSocketFactory.getDefault();
    var bounds = new Outbound.Bounds(Duration.ofSeconds(30), 8, 1_000);
    var outbound = new Outbound(all.world, bounds, Reach.LOOPBACK_TOO, Resolver.SYSTEM, tls);
    cutOffs = new CutOffs(all.feed, database, all.audit, all.world);
    issuers = new Issuers(OWN, database, all.feed, all.audit, cutOffs, all.seal, Crypto.jdk());
    var keys = new IssuerKeys(all.world, outbound, Crypto.jdk(), json);
    var oneTime = new OneTime(all.world, database, all.limits);
    var tokens = new IdTokens(all.world, all.limits, new JwtReader(json), keys);
    var flow =
        new CodeFlow(OWN, all.world, issuers, keys, tokens, outbound, oneTime, all.seal, json);
    links = new Links(all.world, database, all.audit, cutOffs);
    sessions =
        new Sessions(
            new Sessions.Times(Duration.ofHours(1), Duration.ofHours(12)),
            OWN,
            all.world,
            database,
            all.audit,
            cutOffs,
            all.directory);
    upstream = new Upstream(all.world, database, flow, links, all.users, sessions);
    var refusals = new Refusals(database, all.audit);
    linking = new Linking(all.world, database, flow, issuers, links, oneTime, all.seal, refusals);
    first = registered(honest, Optional.of("our secret"));
    second = registered(hostile, Optional.empty());
  }

  @AfterAll
  void close() {
    honest.close();
    hostile.close();
    all.close();
  }

  private TrustedIssuer registered(StandInIssuer issuer, Optional<String> secret) {
    var signIn =
        new SignIn(
            "prokura", List.of("email"), "email", "name", true, List.of("example.org"), true);
    var terms = new Terms(new KeySource.Discovered(), Set.of(), Optional.of(signIn));
    var fresh =
        new TrustedIssuer(Id.Issuer.random(all.world), issuer.issuer(), "IdP", terms, true, 1);
    return all.done(tx -> issuers.register(tx, all.admin, fresh, secret));
  }

  /// A browser on its way: what it keeps, and the parameters it took to the issuer.
  private record Trip(String pending, Map<String, String> sent) {}

  private Trip begin(TrustedIssuer issuer) {
    return trip(upstream.begin(issuer.id(), "/me").orElseThrow());
  }

  private static Trip trip(Begun begun) {
    var query = begun.url().substring(begun.url().indexOf('?') + 1);
    var sent =
        Arrays.stream(query.split("&", -1))
            .map(pair -> pair.split("=", 2))
            .collect(
                Collectors.toMap(
                    pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
    return new Trip(begun.pending(), sent);
  }

  private Json.Obj claims(StandInIssuer by, Trip trip, Map<String, Json> more) {
    long now = all.world.now().getEpochSecond();
    var claims = new LinkedHashMap<String, Json>();
    claims.put("iss", Json.text(by.issuer()));
    claims.put("aud", Json.text("prokura"));
    claims.put("nonce", Json.text(trip.sent().getOrDefault("nonce", "")));
    claims.put("iat", new Json.Whole(now));
    claims.put("exp", new Json.Whole(now + 300));
    claims.putAll(more);
    return new Json.Obj(claims);
  }

  private Map<String, Json> person(String sub, String email, boolean verified) {
    return Map.of(
        "sub", Json.text(sub), "email", Json.text(email), "email_verified", Json.flag(verified));
  }

  private Result<Upstream.SignedIn> back(
      StandInIssuer from, TrustedIssuer at, Trip trip, Consumer<Map<String, String>> change) {
    return upstream.complete(at.id(), arrived(from, trip, change), Optional.empty());
  }

  private static Arrived arrived(
      StandInIssuer from, Trip trip, Consumer<Map<String, String>> change) {
    var parameters = new HashMap<String, String>();
    parameters.put("code", "code");
    parameters.put("state", trip.sent().getOrDefault("state", ""));
    parameters.put("iss", from.issuer());
    change.accept(parameters);
    return new Arrived(parameters, Optional.of(trip.pending()), "192.0.2.1");
  }

  /// A whole sign-in by the honest issuer, which tells this of the person.
  private Result<Upstream.SignedIn> signIn(Map<String, Json> more) {
    var trip = begin(first);
    honest.idToken = honest.sign(claims(honest, trip, more));
    return back(honest, first, trip, _ -> {});
  }

  private Session session(Result<Upstream.SignedIn> result) {
    assertThat(result).isInstanceOf(Ok.class);
    return ((Ok<Upstream.SignedIn>) result).value().started().session();
  }

  private static Refusal refusal(Result<Upstream.SignedIn> result) {
    assertThat(result).isInstanceOf(Refused.class);
    return ((Refused<Upstream.SignedIn>) result).reason();
  }

  @Test
  void somebodyNewBecomesAUserAndIsTheSameTheNextTime() {
    var email = all.fresh("new") + "@example.org";
    var session = session(signIn(person(email, email, true)));
    all.feed.catchUp();

    var user = all.directory.user(session.user()).orElseThrow();
    assertThat(user.userName()).isEqualTo(email);
    assertThat(user.roles()).isEmpty();
    assertThat(session.acr()).isEqualTo(Session.UPSTREAM);
    var moved = session(signIn(person(email, "moved@example.org", true)));
    assertThat(moved.user()).isEqualTo(session.user());
  }

  @Test
  void theCodeIsExchangedWithProofOfWhoAsks() {
    var trip = begin(first);
    assertThat(trip.sent())
        .containsEntry("response_type", "code")
        .containsEntry("code_challenge_method", "S256")
        .containsEntry("scope", "email openid")
        .containsEntry("redirect_uri", OWN + "/login/upstream/" + first.id().text() + "/callback");
    var email = all.fresh("proof") + "@example.org";
    honest.idToken = honest.sign(claims(honest, trip, person(email, email, true)));
    session(back(honest, first, trip, _ -> {}));

    assertThat(honest.forms.getLast()).contains("code_verifier=").doesNotContain("client_id");
  }

  @Test
  void severalFactorsCountOnlyWhereTheIssuerTellsOfThem() {
    var email = all.fresh("factors") + "@example.org";
    var told = new HashMap<>(person(email, email, true));
    told.put("amr", Json.texts(List.of("pwd", "mfa", "unheard-of")));
    var session = session(signIn(told));

    assertThat(session.acr()).isEqualTo(Session.TWO_FACTORS);
    assertThat(session.amr()).containsExactly("pwd", "mfa");
  }

  @Test
  void anAddressTakesNobodysAccountOver() {
    var admin = all.user(all.fresh("boss") + "@example.org", ManagementRole.ADMINISTRATOR);
    for (var verified : List.of(true, false)) {
      var taken = signIn(person(all.fresh("thief"), admin.userName(), verified));
      assertThat(refusal(taken)).isEqualTo(verified ? Refusal.DUPLICATE : Refusal.TOKEN_INVALID);
    }
    var shouted = admin.userName().toUpperCase(Locale.ROOT);
    var otherCase = person(all.fresh("thief"), shouted, true);
    assertThat(signIn(otherCase)).isInstanceOf(Refused.class);
  }

  @Test
  void nobodyBecomesAUserByAnAddressThatIsNotProvenOrNotOfTheDomain() {
    var sub = all.fresh("stranger");
    assertThat(refusal(signIn(person(sub, sub + "@example.org", false))))
        .isEqualTo(Refusal.TOKEN_INVALID);
    assertThat(refusal(signIn(person(sub, sub + "@evil.example", true))))
        .isEqualTo(Refusal.TOKEN_INVALID);
    assertThat(refusal(signIn(person(sub, "x@example.org@evil.example", true))))
        .isEqualTo(Refusal.TOKEN_INVALID);
  }

  @Test
  void theSameSubOfAnotherIssuerIsSomebodyElse() {
    var email = all.fresh("same") + "@example.org";
    var here = session(signIn(person("the-same", email, true)));
    var trip = begin(second);
    var other = all.fresh("same") + "@example.org";
    hostile.idToken = hostile.sign(claims(hostile, trip, person("the-same", other, true)));
    var there = session(back(hostile, second, trip, _ -> {}));

    assertThat(there.user()).isNotEqualTo(here.user());
  }

  @Test
  void anAnswerCountsOnce() {
    var trip = begin(first);
    var email = all.fresh("once") + "@example.org";
    honest.idToken = honest.sign(claims(honest, trip, person(email, email, true)));
    session(back(honest, first, trip, _ -> {}));

    assertThat(refusal(back(honest, first, trip, _ -> {}))).isEqualTo(Refusal.TOKEN_INVALID);
  }

  @Test
  void anAnswerCountsOnlyInTheBrowserThatAsked() {
    var mine = begin(first);
    var others = begin(first);
    honest.idToken = honest.sign(claims(honest, mine, person("x", "x@example.org", true)));
    var crossed = new Trip(others.pending(), mine.sent());
    int before = honest.forms.size();

    assertThat(back(honest, first, crossed, _ -> {})).isInstanceOf(Refused.class);
    assertThat(back(honest, first, new Trip("bm9uc2Vuc2U", mine.sent()), _ -> {}))
        .isInstanceOf(Refused.class);
    assertThat(back(honest, first, mine, all -> all.remove("state"))).isInstanceOf(Refused.class);
    var without = new Arrived(mine.sent(), Optional.empty(), "");
    assertThat(upstream.complete(first.id(), without, Optional.empty()))
        .isInstanceOf(Refused.class);
    assertThat(honest.forms).hasSize(before);
  }

  @Test
  void oneIssuersCodeIsNeverTakenToAnother() {
    var trip = begin(second);
    int before = honest.forms.size() + hostile.forms.size();

    assertThat(back(honest, second, trip, _ -> {})).isInstanceOf(Refused.class);
    assertThat(back(hostile, first, trip, _ -> {})).isInstanceOf(Refused.class);
    assertThat(back(honest, second, trip, all -> all.remove("iss"))).isInstanceOf(Refused.class);
    assertThat(honest.forms.size() + hostile.forms.size()).isEqualTo(before);
  }

  @Test
  void anIdTokenOfAnotherSignInProvesNothing() {
    var mine = begin(first);
    var others = begin(first);
    honest.idToken = honest.sign(claims(honest, others, person("x", "x@example.org", true)));

    assertThat(refusal(back(honest, first, mine, _ -> {}))).isEqualTo(Refusal.TOKEN_INVALID);
  }

  @Test
  void anErrorOrNoTokenSignsNobodyIn() {
    var denied = begin(first);
    assertThat(back(honest, first, denied, all -> all.put("error", "access_denied")))
        .isInstanceOf(Refused.class);
    honest.idToken = "";
    assertThat(back(honest, first, begin(first), _ -> {})).isInstanceOf(Refused.class);
  }

  @Test
  void whoIsDeactivatedHereIsNotSignedInByAnybody() {
    var email = all.fresh("left") + "@example.org";
    var session = session(signIn(person(email, email, true)));
    all.done(tx -> all.users.deactivate(tx, all.admin, session.user(), "left"));
    all.feed.catchUp();

    assertThat(refusal(signIn(person(email, email, true)))).isEqualTo(Refusal.PRINCIPAL_NOT_ACTIVE);
  }

  @Test
  void aNameOfAnIssuerMeansOneAndEndsWithItsLink() {
    var sub = all.fresh("name");
    var agent = Id.Agent.random(all.world);
    var link = all.done(tx -> links.link(tx, all.admin, first.id(), sub, agent));
    assertThat(links.find(first.id(), sub)).hasValue(link);
    assertThat(links.find(second.id(), sub)).isEmpty();
    var other = Id.Agent.random(all.world);
    assertThat(all.<Link>refusal(tx -> links.link(tx, all.admin, first.id(), sub, other)))
        .isEqualTo(Refusal.DUPLICATE);
    var checked = cutOffs.applied();
    all.done(tx -> links.unlink(tx, all.admin, first.id(), sub, "wrong"));
    assertThat(links.find(first.id(), sub)).isEmpty();
    all.feed.catchUp();
    assertThat(cutOffs.killer(Lineage.of(link.id()), checked)).hasValue(link.id().text());
    assertThat(all.<Link>refusal(tx -> links.unlink(tx, all.admin, first.id(), sub, "wrong")))
        .isEqualTo(Refusal.NOT_FOUND);
  }

  @Test
  void whatRestsOnAnIssuersWordEndsWhenItIsNotBelievedAnyMore() {
    var issuer = registered(elsewhere(), Optional.empty());
    var checked = cutOffs.applied();
    all.done(tx -> issuers.deactivate(tx, all.admin, issuer.id(), "broken into"));
    all.feed.catchUp();
    assertThat(cutOffs.killer(Lineage.of(issuer.id()), checked)).isPresent();
  }

  @Test
  void whatRestsOnAnIssuersWordEndsWhenNobodySignsInByItAnyMore() {
    var issuer = registered(elsewhere(), Optional.empty());
    var checked = cutOffs.applied();
    var less =
        new TrustedIssuer(
            issuer.id(),
            issuer.issuer(),
            "IdP",
            new Terms(new KeySource.Discovered(), Set.of(), Optional.empty()),
            true,
            1);
    all.done(tx -> issuers.replace(tx, all.admin, less, Optional.empty()));
    all.feed.catchUp();
    assertThat(cutOffs.killer(Lineage.of(issuer.id()), checked)).isPresent();
  }

  private StandInIssuer elsewhere() {
    var gone = new StandInIssuer(all.world);
    gone.close();
    return gone;
  }

  @Test
  void whoIsOnTheWayWhileTheIssuerIsCutOffComesToADeadSession() {
    try (var other = new StandInIssuer(all.world)) {
      var issuer = registered(other, Optional.empty());
      var email = all.fresh("way") + "@example.org";
      var early = begin(issuer);
      all.done(tx -> issuers.deactivate(tx, all.admin, issuer.id(), "broken into"));
      all.done(tx -> issuers.activate(tx, all.admin, issuer.id(), "mended"));
      all.feed.catchUp();
      other.idToken = other.sign(claims(other, early, person(email, email, true)));
      var dead = session(back(other, issuer, early, _ -> {}));
      assertThat(sessions.alive(dead.id())).isEmpty();
      var late = begin(issuer);
      other.idToken = other.sign(claims(other, late, person(email, email, true)));
      var session = session(back(other, issuer, late, _ -> {}));
      assertThat(session.user()).isEqualTo(dead.user());
      assertThat(sessions.alive(session.id())).isPresent();
    }
  }

  @Test
  void whoSetOutToLinkIsNotSignedInAndWhoSetOutToSignInLinksNothing() {
    var email = all.fresh("purpose") + "@example.org";
    var session = session(signIn(person(email, email, true)));
    int before = honest.forms.size();
    var toLink = trip(linking.begin(session, first.id()).orElseThrow());
    assertThat(refusal(back(honest, first, toLink, _ -> {}))).isEqualTo(Refusal.TOKEN_INVALID);
    var toSignIn = arrived(honest, begin(first), _ -> {});
    assertThat(linking.hasBegun(toSignIn)).isFalse();
    assertThat(linking.complete(session, first.id(), toSignIn)).isInstanceOf(Refused.class);
    assertThat(honest.forms).as("no code is exchanged").hasSize(before);
  }

  @Test
  void anAccountIsLinkedInTheSessionInWhichItWasOfferedAndUnlinkedByItsPerson() {
    var email = all.fresh("linking") + "@example.org";
    var session = session(signIn(person(email, email, true)));
    var others = session(signIn(person(email + ".other", "other." + email, true)));
    var trip = trip(linking.begin(session, first.id()).orElseThrow());
    honest.idToken = honest.sign(claims(honest, trip, person(email + ".2", email, true)));
    var arrived = arrived(honest, trip, _ -> {});
    assertThat(linking.complete(others, first.id(), arrived)).isInstanceOf(Refused.class);
    var offered = linking.complete(session, first.id(), arrived);
    assertThat(offered).isInstanceOf(Ok.class);
    var offer = ((Ok<Linking.Offer>) offered).value();
    assertThat(offer.account()).isEqualTo(email);
    assertThat(linking.accept(others, offer.sealed(), "")).isInstanceOf(Refused.class);
    assertThat(linking.accept(session, offer.sealed(), "")).isInstanceOf(Ok.class);
    assertThat(linking.accept(session, offer.sealed(), "")).isInstanceOf(Refused.class);

    var linked = all.database.<List<Linked>>read(tx -> linking.of(tx, session.user()));
    assertThat(linked)
        .extracting(one -> one.link().sub())
        .containsExactlyInAnyOrder(email, email + ".2");
    var link = links.find(first.id(), email + ".2").orElseThrow();
    assertThat(all.<Link>refusal(tx -> linking.unlink(tx, others.user(), link.id())))
        .isEqualTo(Refusal.NOT_FOUND);
    var checked = cutOffs.applied();
    all.done(tx -> linking.unlink(tx, session.user(), link.id()));
    all.feed.catchUp();
    assertThat(links.find(first.id(), email + ".2")).isEmpty();
    assertThat(cutOffs.killer(Lineage.of(link.id()), checked)).isPresent();
  }
}
