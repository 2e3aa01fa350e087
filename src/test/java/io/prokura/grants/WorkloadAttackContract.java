package io.prokura.grants;

import static io.prokura.app.Story.claim;
import static io.prokura.grants.Platform.mapped;
import static io.prokura.grants.Platform.role;
import static io.prokura.kernel.Refusal.ACTOR_TOKEN_INVALID;
import static io.prokura.kernel.Refusal.ASSERTIONS_TOO_MANY;
import static io.prokura.kernel.Refusal.ASSERTION_INVALID;
import static io.prokura.kernel.Refusal.CLIENT_NOT_ALLOWED;
import static io.prokura.kernel.Refusal.CLIENT_NOT_AUTHENTICATED;
import static io.prokura.kernel.Refusal.FIELD_INVALID;
import static io.prokura.kernel.Refusal.REFERENCE_UNKNOWN;
import static io.prokura.kernel.Refusal.SCOPE_NOT_PERMITTED;
import static io.prokura.kernel.Refusal.SCOPE_UNKNOWN;
import static io.prokura.kernel.Refusal.STATE_CONFLICT;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.app.Answer;
import io.prokura.app.Party;
import io.prokura.app.Prover;
import io.prokura.app.Story;
import io.prokura.jose.JwtWriter;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Refusal;
import io.prokura.sql.Database;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What platforms and whoever pretends to be one try, on every database: nothing that a platform
/// did not sign for this makes an agent, and nothing that it signs gives more than was registered.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class WorkloadAttackContract {
  private final Story story;
  private final String reader;
  private final Platform platform;

  WorkloadAttackContract(Database database) {
    story = Story.on(() -> database);
    reader = role(story, story.crm, "tickets.read");
    platform = other();
  }

  private Platform other() {
    return Platform.registered(
        story, Platform.active(story, mapped("groups", "support-eng", reader)));
  }

  /// Every test has its minute, so that none is one too many for another.
  @BeforeEach
  void later() {
    story.pass(Duration.ofSeconds(70));
  }

  @AfterAll
  void end() {
    story.close();
  }

  private Answer redeem(String assertion, String... more) {
    return platform.bare(new Prover(story.now()), Platform.form(assertion, more));
  }

  /// Expects that nobody gets anything by an assertion, nor is put on record.
  private void isNothing(String assertion) {
    int known = platform.links().size();
    redeem(assertion).isRefused(ASSERTION_INVALID);
    assertThat(platform.links()).hasSize(known);
  }

  /// Good claims with one member replaced, or taken away by `null`.
  private String changed(String name, Json value) {
    var good = platform.claims("attacker").put("groups", List.of("support-eng")).build();
    return JwtWriter.mint(platform.key, "JWT", Elsewhere.with(good, name, value));
  }

  @Test
  void keysOfTwoIssuersAreNeverOneSet() {
    var other = other();
    var claims = platform.claims("agent").put("groups", List.of("support-eng")).build();
    isNothing(JwtWriter.mint(other.key, "JWT", claims));
    isNothing(JwtWriter.mint(Platform.key(story), "JWT", claims));
    redeem(JwtWriter.mint(other.key, "JWT", Elsewhere.with(claims, "iss", Json.text(other.issuer))))
        .good();
    // The other's agents of the same name are others, and stay them.
    assertThat(claim(redeem(platform.saying("agent", "support-eng")).token(), "sub"))
        .isNotEqualTo(other.links().getFirst().text("principal").orElseThrow());
  }

  @Test
  void anIssuerThatNobodyRegisteredForAgentsIsNobody() {
    var people = Elsewhere.trusted(story, "jwt-bearer").meaning("erin", story.alice);
    isNothing(people.plain(people.claims("erin")));
    isNothing(changed("iss", Json.text("https://nobody.example")));
    isNothing(changed("iss", Json.text(platform.issuer + "/")));
    isNothing(changed("iss", Json.text(story.server.issuer())));
    isNothing("nothing");
    var gone = other();
    story.act("trusted-issuers", gone.id, "deactivate");
    isNothing(gone.saying("agent", "support-eng"));
  }

  @Test
  void itIsForThisServerAndSaysAllThatIsNeeded() {
    var own = story.server.issuer();
    for (var aud :
        List.of(
            Json.text(own + "/"),
            Json.text("https://other.example"),
            Json.texts(List.of("https://other.example")),
            Json.texts(List.of()),
            Json.array(List.of(Json.text(own), new Json.Whole(1))),
            Json.texts(
                IntStream.range(0, 21).mapToObj(i -> i == 0 ? own : "https://x" + i).toList()),
            new Json.Null())) {
      isNothing(changed("aud", aud));
    }
    long now = story.now().getEpochSecond();
    for (var name : List.of("iss", "sub", "jti", "iat", "exp")) {
      isNothing(changed(name, new Json.Null()));
      isNothing(changed(name, Json.text("")));
      isNothing(changed(name, Json.text("ä")));
    }
    isNothing(changed("exp", new Json.Whole(now - 61)));
    isNothing(changed("exp", new Json.Whole(now + 3_700)));
    isNothing(changed("iat", new Json.Whole(now + 300)));
    isNothing(changed("iat", new Json.Whole(now - 3_400)));
    isNothing(changed("nbf", new Json.Whole(now + 300)));
    isNothing(changed("sub", Json.text("x".repeat(256))));
    redeem(changed("scope", new Json.Whole(1))).isRefused(ASSERTION_INVALID);
    redeem(changed("resource", new Json.Whole(1))).isRefused(ASSERTION_INVALID);
    for (var good :
        List.of(
            Json.text(own),
            Json.text(own + "/oauth2/token"),
            Json.texts(List.of("https://other.example", own + "/oauth2/token")))) {
      redeem(changed("aud", good)).good();
    }
  }

  @Test
  void itIsUsedOnceAndNotByARequestThatIsRefused() {
    var assertion = platform.saying("agent-1", "support-eng");
    redeem(assertion, "scope", "nonsense").isRefused(SCOPE_UNKNOWN);
    redeem(assertion).good();
    redeem(assertion).isRefused(ASSERTION_INVALID);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "at+jwt",
        "client-authentication+jwt",
        "dpop+jwt",
        "token-introspection+jwt",
        "hand-over+jwt",
        "secevent+jwt",
        "logout+jwt",
        "oauth-authz-req+jwt",
        "txntoken+jwt",
        "wit+jwt",
      })
  void aJwtOfAnotherKindIsNoAssertion(String typ) {
    var claims = platform.claims("agent").put("groups", List.of("support-eng"));
    isNothing(JwtWriter.mint(platform.key, typ, claims.build()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"nonce", "at_hash", "auth_time", "events", "htu", "act", "authorization_details"})
  void noMoreIsAJwtOfThisTypThatSaysItIsSomethingElse(String claim) {
    isNothing(changed(claim, Json.text("x")));
  }

  @Test
  void anAssertionAboutAnAgentIsNoneAboutAPersonAndTheOtherWayRound() {
    isNothing(changed("sub", Json.text(platform.issuer)));
    var body = Json.object().put("sub", "erin").put("principal", story.alice).build();
    story.server.done("/api/v1/trusted-issuers/" + platform.id + "/link", story.operator(), body);
    isNothing(platform.saying("erin", "support-eng"));
    var portal = story.application("portal");
    Elsewhere.redeem(portal, platform.saying("erin", "support-eng")).isRefused(CLIENT_NOT_ALLOWED);
    var claims = platform.claims("agent").put("client_id", portal.id()).build();
    var aud = Elsewhere.with(claims, "aud", Json.text(story.server.issuer()));
    Elsewhere.redeem(portal, JwtWriter.mint(platform.key, Elsewhere.ID_JAG, aud))
        .isRefused(ASSERTION_INVALID);
    platform
        .bare(
            new Prover(story.now()),
            Platform.form(JwtWriter.mint(platform.key, Elsewhere.ID_JAG, aud)))
        .isRefused(ASSERTION_INVALID);
  }

  @Test
  void anIssuerIsRegisteredForAgentsOrForPeople() {
    var key = Platform.key(story);
    var agents = Platform.body("https://both.example", key, Platform.terms(story));
    var both = Platform.with(agents, "grants", Json.texts(List.of("jwt-bearer")));
    isUnregistered(both, FIELD_INVALID);
    var signIn = Json.object().put("clientId", "x").build();
    isUnregistered(
        Platform.body("https://both.example", key, Platform.terms(story)).put("signIn", signIn),
        FIELD_INVALID);
  }

  private void isUnregistered(Json.Builder body, Refusal reason) {
    var response = story.server.post("/api/v1/trusted-issuers", story.operator(), body.build());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(reason.status());
    assertThat(response.body()).contains(reason.slug());
  }

  @Test
  void aSharedIssuerIsRefusedWithoutAClaimThatTellsItsCustomersApart() {
    var key = Platform.key(story);
    var well = Platform.shared(Platform.terms(story), "org", "acme").build();
    for (var wrong :
        List.of(
            Elsewhere.with(well, "tenantClaim", new Json.Null()),
            Elsewhere.with(well, "tenant", new Json.Null()),
            Elsewhere.with(well, "tenantClaim", Json.text("sub")),
            Elsewhere.with(well, "shared", new Json.Bool(false)),
            Elsewhere.with(well, "shared", new Json.Null()),
            Elsewhere.with(Platform.terms(story).build(), "shared", new Json.Null()))) {
      var terms = Json.object().putAll(wrong.members());
      isUnregistered(Platform.body("https://shared.example", key, terms), FIELD_INVALID);
    }
    isUnregistered(
        Platform.body("https://token.actions.githubusercontent.com", key, Platform.terms(story)),
        FIELD_INVALID);
  }

  @Test
  void anotherCustomersAgentIsNobody() {
    var unshared = Platform.active(story, mapped("groups", "support-eng", reader));
    var shared = Platform.registered(story, Platform.shared(unshared, "org", "acme"));
    for (var org :
        List.of(
            Json.text("evil"),
            Json.text("acme2"),
            Json.text("ACME"),
            Json.texts(List.of("acme")),
            Json.texts(List.of("acme", "evil")),
            new Json.Whole(1))) {
      var claims = shared.claims("agent").put("groups", List.of("support-eng")).put("org", org);
      redeem(shared.signed(claims)).isRefused(ASSERTION_INVALID);
    }
    redeem(shared.saying("agent", "support-eng")).isRefused(ASSERTION_INVALID);
    assertThat(shared.links()).isEmpty();
    isNothing(changed("tenant", Json.text("acme")));
  }

  @Test
  void whatTheTermsNameHasToBeThere() {
    var key = Platform.key(story);
    var nobody = "_" + "0".repeat(26);
    var gone = Platform.terms(story, mapped("groups", "x", "rol" + nobody));
    isUnregistered(Platform.body("https://x.example", key, gone), REFERENCE_UNKNOWN);
    var owner = Platform.with(Platform.active(story), "owner", Json.text("usr" + nobody));
    isUnregistered(Platform.body("https://x.example", key, owner), REFERENCE_UNKNOWN);
    var unowned = Platform.terms(story).put("active", true);
    isUnregistered(Platform.body("https://x.example", key, unowned), FIELD_INVALID);
    var named = Platform.terms(story, mapped("sub", "root", reader));
    isUnregistered(Platform.body("https://x.example", key, named), FIELD_INVALID);
  }

  @Test
  void aNameThatLooksLikeOneOfOursIsOnlyAName() {
    var triage = story.permitted(story.boundAgent(story.support));
    for (var sub : List.of(triage.id(), story.alice, story.gateway.id(), story.server.issuer())) {
      var token = redeem(platform.saying(sub, "support-eng")).token();
      assertThat(claim(token, "sub")).isNotEqualTo(sub).startsWith("agt_");
    }
  }

  @Test
  void hugePropertiesAreReadOrRefusedAndGiveNothing() {
    var many = IntStream.range(0, 700).mapToObj(i -> "g" + i).toList();
    var claims = platform.claims("huge").put("groups", many);
    redeem(platform.signed(claims)).isRefused(SCOPE_NOT_PERMITTED);
    isNothing(platform.signed(platform.claims("huger").put("groups", "x".repeat(20_000))));
    var deep = Json.object().put("groups", Json.object().put("0", "support-eng").build()).build();
    redeem(platform.signed(platform.claims("odd").putAll(deep.members())))
        .isRefused(SCOPE_NOT_PERMITTED);
    var name = "\u202Eevil\u0000\n" + "n".repeat(5_000);
    var token =
        redeem(
                platform.signed(
                    platform.claims("named").put("groups", "support-eng").put("name", name)))
            .token();
    var said = story.read("/api/v1/agents/" + claim(token, "sub")).text("name").orElseThrow();
    assertThat(said).startsWith("evil").hasSizeLessThanOrEqualTo(200).doesNotContain("\u202E");
  }

  @Test
  void aRoleThatIsGoneGivesNothing() {
    var passing = role(story, story.crm, "search");
    var mapping = mapped("groups", "search-eng", passing);
    var other = Platform.registered(story, Platform.active(story, mapping));
    story.server.send(
        "DELETE", "/api/v1/roles/" + passing, story.operator(), Map.of("If-Match", "\"1\""), "");
    assertThat(story.server.get("/api/v1/roles/" + passing, story.operator()).statusCode())
        .isEqualTo(404);
    redeem(other.saying("agent", "search-eng"), "scope", "search").isRefused(SCOPE_NOT_PERMITTED);
  }

  @Test
  void theAgentIsProvenByNothingElse() {
    var agent = claim(redeem(platform.saying("alone", "support-eng")).token(), "sub");
    var secret = Json.object().put("kind", "secret").build();
    var path = "/api/v1/agents/" + agent + "/credentials";
    var response = story.server.post(path, story.operator(), secret);
    assertThat(response.statusCode()).isEqualTo(STATE_CONFLICT.status());
    new Party(story.server, agent, "guess", platform.key).own().isRefused(CLIENT_NOT_AUTHENTICATED);
    var portal = story.application("portal");
    Elsewhere.redeem(portal, platform.saying("alone", "support-eng")).isRefused(CLIENT_NOT_ALLOWED);
  }

  @Test
  void aStolenTokenOfTheAgentExchangesNothing() {
    var prover = new Prover(story.now());
    var own =
        platform.bare(prover, Platform.form(platform.saying("robbed", "support-eng"))).token();
    var agent = new Party(story.server, claim(own, "sub"), "", platform.key);
    var delegation = story.delegate(story.alice, agent, Json.object());
    var thief = new Prover(story.now());
    platform.use(own, thief, delegation).isRefused(ACTOR_TOKEN_INVALID);
    platform.use(own, prover, delegation).good();
    var form =
        new String[] {
          "grant_type", Party.EXCHANGE,
          "subject_token", delegation,
          "subject_token_type", Party.DELEGATION,
          "actor_token", own,
          "actor_token_type", Party.ACCESS_TOKEN,
          "resource", Story.CRM
        };
    new Party(story.server, "", "", platform.key).bare(form).isRefused(ACTOR_TOKEN_INVALID);
    var bearer =
        Platform.registered(
            story,
            Platform.active(story, mapped("groups", "support-eng", reader))
                .put("bearerTokens", true));
    var loose = bearer.redeemWithoutKey(bearer.saying("loose", "support-eng")).token();
    var its = new Party(story.server, claim(loose, "sub"), "", platform.key);
    bearer
        .use(loose, prover, story.delegate(story.alice, its, Json.object()))
        .isRefused(ACTOR_TOKEN_INVALID);
    // An agent that has credentials here proves itself by those.
    var triage = story.permitted(story.boundAgent(story.support));
    var proving = new Prover(story.now());
    var theirs = triage.proving(proving.proof()).own().token();
    platform
        .use(theirs, proving, story.delegate(story.alice, triage, Json.object()))
        .isRefused(ACTOR_TOKEN_INVALID);
  }

  @Test
  void aBoundAssertionNeedsItsKey() {
    var prover = new Prover(story.now());
    var cnf = Json.object().put("jkt", prover.jkt()).build();
    var claims = platform.claims("bound").put("groups", "support-eng").put("cnf", cnf);
    var assertion = platform.signed(claims);
    redeem(assertion).isRefused(ASSERTION_INVALID);
    platform.bare(prover, Platform.form(assertion)).good();
  }

  @Test
  void changedTermsEndWhatRestedOnThem() {
    var other = other();
    var token =
        other
            .bare(new Prover(story.now()), Platform.form(other.saying("a", "support-eng")))
            .token();
    replace(other, Platform.active(story, mapped("groups", "support-eng", reader)), 1, 200);
    assertThat(story.gateway.sees(token)).isTrue();
    replace(other, Platform.active(story, mapped("groups", "others", reader)), 2, 100);
    assertThat(story.gateway.sees(token)).isFalse();
    redeem(other.saying("a", "support-eng")).isRefused(SCOPE_NOT_PERMITTED);
  }

  private void replace(Platform one, Json.Builder terms, int version, int most) {
    var bounded = Platform.with(terms, "agentsMax", new Json.Whole(most));
    var body = Platform.body(one.issuer, one.key, bounded).build();
    var response =
        story.server.send(
            "PUT",
            "/api/v1/trusted-issuers/" + one.id,
            story.operator(),
            Map.of("If-Match", "\"" + version + "\""),
            body.toText());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
  }

  @Test
  void aFloodIsStoppedBeforeAnythingIsVerified() {
    var forged = JwtWriter.mint(Platform.key(story), "JWT", platform.claims("flood").build());
    for (int i = 0; i < AssertionRates.SOURCE_MAX; i++) {
      platform.redeemWithoutKey(forged).isRefused(ASSERTION_INVALID);
    }
    platform.redeemWithoutKey(platform.saying("late")).isRefused(ASSERTIONS_TOO_MANY);
    later();
    redeem(platform.saying("late", "support-eng")).good();
  }

  @Test
  void whatOthersSendInAnIssuersNameCostsItNothing() {
    var rates = new AssertionRates(story.world);
    var issuer = new Id.Issuer(platform.id);
    for (int i = 0; i < AssertionRates.ISSUER_MAX; i++) {
      assertThat(rates.takeFrom("192.0.2." + i % 100)).isTrue();
      assertThat(rates.takeOf(issuer)).isTrue();
    }
    assertThat(rates.takeOf(issuer)).isFalse();
    assertThat(rates.takeFrom("192.0.2.200")).isTrue();
    assertThat(rates.takeOf(new Id.Issuer(other().id))).isTrue();
  }
}
