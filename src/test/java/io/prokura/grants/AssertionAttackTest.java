package io.prokura.grants;

import static io.prokura.app.Story.CRM;
import static io.prokura.grants.Elsewhere.redeem;
import static io.prokura.kernel.Refusal.ACTOR_UNAUTHORIZED;
import static io.prokura.kernel.Refusal.ASSERTION_INVALID;
import static io.prokura.kernel.Refusal.CHAIN_TOO_DEEP;
import static io.prokura.kernel.Refusal.CLIENT_NOT_AUTHENTICATED;
import static io.prokura.kernel.Refusal.KEY_PROOF_REQUIRED;
import static io.prokura.kernel.Refusal.POLICY_FORBIDS;
import static io.prokura.kernel.Refusal.PRINCIPAL_NOT_ACTIVE;
import static io.prokura.kernel.Refusal.SCOPE_NOT_PERMITTED;
import static io.prokura.kernel.Refusal.SCOPE_UNKNOWN;
import static io.prokura.kernel.Refusal.SUBJECT_TOKEN_INVALID;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.app.Answer;
import io.prokura.app.Party;
import io.prokura.app.Prover;
import io.prokura.app.Story;
import io.prokura.jose.Algorithm;
import io.prokura.jose.Base64Url;
import io.prokura.jose.Crypto;
import io.prokura.jose.JwtWriter;
import io.prokura.jose.SigningKey;
import io.prokura.json.Json;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Assertions that are forged, stolen, used again or taken for something else get nobody a token,
/// and every attempt is on record.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AssertionAttackTest {
  private final Story story = Story.begin();
  private final Elsewhere idp =
      Elsewhere.trusted(story, "jwt-bearer", "id-jag").meaning("erin", story.alice);
  private final Party portal = story.application("portal");
  private final Party triage = story.permitted(story.agent(story.support));
  private final Party lookup = story.permitted(story.agent(story.support));

  @AfterAll
  void end() {
    story.close();
  }

  private Answer isRefused(String assertion, String... more) {
    return story.refuses(portal, ASSERTION_INVALID, redeem(portal, assertion, more));
  }

  /// The claims with one member replaced, or taken away by `null`.
  private Json.Obj changed(String name, Json value) {
    return Elsewhere.with(idp.claims("erin").put("client_id", portal.id()).build(), name, value);
  }

  private static String text(Json.Obj header) {
    return Base64Url.encode(header.toText().getBytes(UTF_8));
  }

  private Json.Obj header(String alg) {
    return Json.object().put("alg", alg).put("typ", "JWT").put("kid", idp.key.kid()).build();
  }

  @Test
  void whatNobodySignedIsNothing() throws Exception {
    var claims = text(idp.claims("erin").build());
    isRefused(text(header("none")) + "." + claims + ".");
    isRefused(text(header("none")) + "." + claims + ".AA");
    isRefused(text(header("ES256")) + "." + claims + "." + Base64Url.encode(new byte[64]));
    // The public key as the secret of an HMAC.
    var mac = Mac.getInstance("HmacSHA256");
    var jwk = idp.key.verificationKey().toJwk().toText().getBytes(UTF_8);
    mac.init(new SecretKeySpec(jwk, "HmacSHA256"));
    var signed = text(header("HS256")) + "." + claims;
    isRefused(signed + "." + Base64Url.encode(mac.doFinal(signed.getBytes(UTF_8))));
    var foreign = SigningKey.generate(Crypto.jdk(), story.world, Algorithm.ES256);
    isRefused(JwtWriter.mint(foreign, "JWT", idp.claims("erin").build()));
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
      })
  void aJwtOfAnotherKindIsNoAssertion(String typ) {
    isRefused(idp.signed(typ, idp.claims("erin").put("client_id", portal.id()).build()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"JWT", "oauth-id-jag+jwt"})
  void itIsForThisServerAloneAndSaysAllThatIsNeeded(String typ) {
    var own = story.server.issuer();
    for (var aud :
        List.of(
            Json.text(own + "/"),
            Json.text(own + "/oauth2/token"),
            Json.text(portal.id()),
            Json.texts(List.of(own, "https://other.example")),
            Json.texts(List.of()),
            new Json.Null())) {
      isRefused(idp.signed(typ, changed("aud", aud)));
    }
    long now = story.now().getEpochSecond();
    for (var name : List.of("iss", "sub", "jti", "iat", "exp")) {
      isRefused(idp.signed(typ, changed(name, new Json.Null())));
      isRefused(idp.signed(typ, changed(name, Json.text(""))));
      isRefused(idp.signed(typ, changed(name, Json.text("ä"))));
    }
    isRefused(idp.signed(typ, changed("exp", new Json.Whole(now - 61))));
    isRefused(idp.signed(typ, changed("exp", new Json.Whole(now + 3_700))));
    isRefused(idp.signed(typ, changed("iat", new Json.Whole(now + 300))));
    isRefused(idp.signed(typ, changed("nbf", new Json.Whole(now + 300))));
    isRefused(idp.signed(typ, changed("tenant", Json.text("acme"))));
    isRefused(idp.signed(typ, changed("authorization_details", new Json.Arr(List.of()))));
    isRefused(idp.signed(typ, changed("scope", new Json.Whole(1))));
    isRefused(idp.signed(typ, changed("resource", new Json.Whole(1))));
    isRefused(idp.signed(typ, changed("iss", Json.text(own))));
  }

  @Test
  void aListIsNoAudienceOfAPlainAssertion() {
    var listed = Json.texts(List.of(story.server.issuer()));
    isRefused(idp.signed("JWT", changed("aud", listed)));
  }

  @Test
  void itIsUsedOnce() throws Exception {
    var assertion = idp.plain(idp.claims("erin"));
    redeem(portal, assertion).good();
    isRefused(assertion);
    isRefused(assertion, "scope", "search");
    var raced = idp.idJag(portal, idp.claims("erin"));
    try (var threads = Executors.newFixedThreadPool(4)) {
      Callable<Integer> attempt = () -> redeem(portal, raced).status();
      var results = threads.invokeAll(List.of(attempt, attempt, attempt, attempt));
      int good = 0;
      for (var result : results) {
        good += result.get() == 200 ? 1 : 0;
      }
      assertThat(good).isEqualTo(1);
    }
  }

  @Test
  void onlyABoundIdJagIsUsedAgainAndOnlyWhereTheIssuerSaysSo() {
    var lenient = Elsewhere.reusing(story).meaning("erin", story.alice);
    var prover = new Prover(story.now());
    var cnf = Json.object().put("jkt", prover.jkt()).build();
    var bound = lenient.idJag(portal, lenient.claims("erin").put("cnf", cnf));
    redeem(portal.proving(prover.proof()), bound).good();
    redeem(portal.proving(prover.proof()), bound).good();
    isRefused(bound);
    var loose = lenient.idJag(portal, lenient.claims("erin"));
    redeem(portal, loose).good();
    isRefused(loose);
    var strict = idp.idJag(portal, idp.claims("erin").put("cnf", cnf));
    redeem(portal.proving(prover.proof()), strict).good();
    story.refuses(portal, ASSERTION_INVALID, redeem(portal.proving(prover.proof()), strict));
  }

  @Test
  void itIsNotUsedUpByARequestThatIsRefused() {
    var assertion = idp.plain(idp.claims("erin"));
    redeem(portal, assertion, "scope", "nonsense").isRefused(SCOPE_UNKNOWN);
    redeem(portal, assertion).good();
  }

  @Test
  void itIsOfNoUseToAnotherClient() {
    var thief = story.application("thief");
    var jag = idp.idJag(portal, idp.claims("erin"));
    story.refuses(thief, ASSERTION_INVALID, redeem(thief, jag));
    story.refuses(triage, ASSERTION_INVALID, redeem(triage, jag));
    isRefused(idp.signed(Elsewhere.ID_JAG, idp.claims("erin").build()));
    isRefused(idp.plain(idp.claims("erin").put("azp", thief.id())));
    isRefused(idp.plain(idp.claims("erin").put("client_id", thief.id())));
    var guess = new Party(story.server, portal.id(), "guess", portal.key());
    redeem(guess, jag).isRefused(CLIENT_NOT_AUTHENTICATED);
    redeem(portal, jag).good();
  }

  @Test
  void aBoundOneNeedsItsKey() {
    var prover = new Prover(story.now());
    var cnf = Json.object().put("jkt", prover.jkt()).build();
    var bound = idp.idJag(portal, idp.claims("erin").put("cnf", cnf));
    isRefused(bound);
    var thief = new Prover(story.now());
    story.refuses(portal, ASSERTION_INVALID, redeem(portal.proving(thief.proof()), bound));
    isRefused(
        idp.idJag(portal, idp.claims("erin").put("cnf", Json.object().put("x", "y").build())));
    var token = redeem(portal.proving(prover.proof()), bound).token();
    assertThat(Story.claims(token).object("cnf")).hasValue(cnf);
  }

  /// The name that examples of the ID-JAG draft have for the grant type loosens nothing.
  @Test
  void theOtherNameIsForBoundOnesAlone() {
    var prover = new Prover(story.now());
    var cnf = Json.object().put("jkt", prover.jkt()).build();
    var other = new String[] {"grant_type", "urn:ietf:params:oauth:grant-type:jwt-dpop"};
    var free = idp.idJag(portal, idp.claims("erin"));
    story.refuses(portal, ASSERTION_INVALID, redeem(portal, free, other));
    story.refuses(portal, ASSERTION_INVALID, redeem(portal.proving(prover.proof()), free, other));
    var bound = idp.idJag(portal, idp.claims("erin").put("cnf", cnf));
    story.refuses(portal, ASSERTION_INVALID, redeem(portal, bound, other));
    var token = redeem(portal.proving(prover.proof()), bound, other).token();
    assertThat(Story.claims(token).object("cnf")).hasValue(cnf);
  }

  @Test
  void anIssuerIsBelievedOnlyAboutWhatItIsTrustedFor() {
    var plain = Elsewhere.trusted(story, "jwt-bearer").meaning("erin", story.alice);
    var jag = Elsewhere.trusted(story, "id-jag").meaning("erin", story.alice);
    isRefused(plain.idJag(portal, plain.claims("erin")));
    isRefused(jag.plain(jag.claims("erin")));
    var nothing = Elsewhere.trusted(story).meaning("erin", story.alice);
    isRefused(nothing.plain(nothing.claims("erin")));
    // The key of one issuer under the name of another.
    isRefused(jag.plain(idp.claims("erin")));
    story.act("trusted-issuers", jag.id, "deactivate");
    isRefused(jag.idJag(portal, jag.claims("erin")));
  }

  @Test
  void aNameMeansNobodyUntilSomebodySaysWhom() {
    isRefused(idp.plain(idp.claims("nobody")));
    isRefused(idp.plain(idp.claims(story.alice)));
    var other = Elsewhere.trusted(story, "jwt-bearer").meaning("carol", story.alice);
    isRefused(idp.plain(idp.claims("carol")));
    other.meaning("machine", triage.id());
    isRefused(other.plain(other.claims("machine")));
  }

  @Test
  void whoIsNotActiveGetsNothing() {
    var frank = story.user("frank");
    story.permit(frank, story.crm, "own", "tickets.read");
    idp.meaning("frank", frank);
    redeem(portal, idp.plain(idp.claims("frank"))).good();
    story.act("users", frank, "deactivate");
    story.refuses(portal, PRINCIPAL_NOT_ACTIVE, redeem(portal, idp.plain(idp.claims("frank"))));
  }

  @Test
  void scopesOnlyNarrow() {
    var narrow = idp.claims("erin").put("scope", "tickets.read");
    story.refuses(
        portal,
        SCOPE_NOT_PERMITTED,
        redeem(portal, idp.idJag(portal, narrow), "scope", "tickets.read tickets.update"));
    var foreign = idp.claims("erin").put("scope", "chat.write");
    story.refuses(
        portal, SCOPE_NOT_PERMITTED, redeem(portal, idp.idJag(portal, foreign), "scope", ""));
    var exporting = idp.claims("erin").put("scope", "tickets.export");
    story.refuses(
        portal, POLICY_FORBIDS, redeem(portal, idp.idJag(portal, exporting), "scope", ""));
  }

  @Test
  void nobodyActsWhoIsUnknownOrDead() {
    var killed = story.permitted(story.agent(story.support));
    idp.meaning("bot", killed.id());
    redeem(portal, acting(idp.act("bot"))).good();
    story.step(killed, "kill");
    story.refuses(portal, PRINCIPAL_NOT_ACTIVE, redeem(portal, acting(idp.act("bot"))));
    var behind = Json.object().put("iss", idp.issuer).put("sub", "bot").build();
    var front = lookup.act(behind);
    story.refuses(portal, PRINCIPAL_NOT_ACTIVE, redeem(portal, acting(front)));
    var own = story.server.issuer();
    for (var stranger :
        List.of(
            idp.act("unknown"),
            idp.act(""),
            Json.object().put("sub", lookup.id()).build(),
            Json.object().put("iss", "https://other.example").put("sub", lookup.id()).build(),
            Json.object().put("iss", own).put("sub", "agt_nonsense").build(),
            Json.object().put("iss", own).put("sub", story.alice).build(),
            idp.act("erin"),
            lookup.act(idp.act("unknown")),
            lookup.act(triage.act(lookup.act())))) {
      story.refuses(portal, ACTOR_UNAUTHORIZED, redeem(portal, acting(stranger)));
    }
    for (var nonsense : List.of(Json.text("agent"), new Json.Null(), new Json.Arr(List.of()))) {
      var claims = idp.claims("erin").put("act", nonsense);
      story.refuses(portal, ACTOR_UNAUTHORIZED, redeem(portal, idp.idJag(portal, claims)));
    }
  }

  private String acting(Json.Obj act) {
    return idp.idJag(portal, idp.claims("erin").put("act", act));
  }

  @Test
  void aChainIsNeverTooLong() {
    var act = Json.object().build();
    for (int i = 0; i < 5; i++) {
      act = story.permitted(story.agent(story.support)).act(act);
    }
    story.refuses(portal, CHAIN_TOO_DEEP, redeem(portal, acting(act)));
    for (int i = 0; i < 20; i++) {
      act = lookup.act(act);
    }
    story.refuses(portal, CHAIN_TOO_DEEP, redeem(portal, acting(act)));
  }

  @Test
  void anAgentNeedsItsKeyWhereItIsNotRegisteredForBearerTokens() {
    var bound = story.permitted(story.boundAgent(story.support));
    var jag = idp.idJag(bound, idp.claims("erin"));
    story.refuses(bound, KEY_PROOF_REQUIRED, redeem(bound, jag));
    redeem(bound.proving(new Prover(story.now()).proof()), jag).good();
  }

  @Test
  void anAssertionIsNoTokenOfAnyOtherKind() {
    var jag = idp.idJag(portal, idp.claims("erin").put("scope", "tickets.read"));
    assertThat(story.gateway.sees(jag)).isFalse();
    assertThat(story.server.get("/api/v1/agents", jag).statusCode()).isEqualTo(401);
    story.refuses(story.gateway, SUBJECT_TOKEN_INVALID, story.gateway.downstream(jag));
    portal
        .bare(Party.byAssertion(jag, "grant_type", "client_credentials", "resource", CRM))
        .isRefused(CLIENT_NOT_AUTHENTICATED);
  }

  @Test
  void ourOwnTokensAreNoAssertions() {
    var own = triage.own().token();
    isRefused(own);
    isRefused(portal.assertion(story.world));
  }
}
