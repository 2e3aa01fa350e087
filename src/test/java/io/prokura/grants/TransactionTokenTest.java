package io.prokura.grants;

import static io.prokura.app.Party.ACCESS_TOKEN;
import static io.prokura.app.Party.TRANSACTION;
import static io.prokura.app.Story.CRM;
import static io.prokura.app.Story.claim;
import static io.prokura.app.Story.claims;
import static io.prokura.app.Story.header;
import static io.prokura.kernel.Refusal.CHAIN_TOO_DEEP;
import static io.prokura.kernel.Refusal.CLIENT_NOT_ALLOWED;
import static io.prokura.kernel.Refusal.MALFORMED_REQUEST;
import static io.prokura.kernel.Refusal.PURPOSE_NOT_COVERING;
import static io.prokura.kernel.Refusal.RESOURCE_UNKNOWN;
import static io.prokura.kernel.Refusal.SCOPE_NOT_DELEGATED;
import static io.prokura.kernel.Refusal.SCOPE_UNKNOWN;
import static io.prokura.kernel.Refusal.SUBJECT_TOKEN_INVALID;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.app.Party;
import io.prokura.app.Story;
import io.prokura.app.Story.Crew;
import io.prokura.app.TestServer;
import io.prokura.jose.Base64Url;
import io.prokura.jose.Crypto;
import io.prokura.json.Json;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// A gateway that was sent a token tells the workloads behind it for whom, by whom and how far
/// (draft-ietf-oauth-transaction-tokens), and no more than it was told itself.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TransactionTokenTest {
  private final Story story = Story.begin();
  private final Crew crew = story.crew();
  private final Party triage = crew.triage();
  private final Party gateway = story.gateway;
  private final Party archivist = story.archivist;

  @BeforeAll
  void begin() {
    story.transacts(gateway, true);
    story.transacts(archivist, true);
  }

  @AfterAll
  void end() {
    story.close();
  }

  private String used(String... more) {
    return triage.use(crew.delegation(), more).token();
  }

  private String begun() {
    return gateway.begin(used()).token();
  }

  private static long exp(String token) {
    return claims(token).number("exp").orElseThrow();
  }

  @Test
  void tellsForWhomByWhomHowFarAndWhy() {
    var sent = used();
    var answer =
        gateway.begin(
            sent,
            "request_context",
            "{\"req_ip\":\"192.0.2.7\"}",
            "request_details",
            "{\"ticket\":{\"id\":7}}");
    assertThat(answer.good().text("token_type")).isEqualTo("N_A");
    assertThat(answer.text("issued_token_type")).isEqualTo(TRANSACTION);
    assertThat(answer.body().members()).doesNotContainKey("refresh_token");
    assertThat(answer.body().number("expires_in")).hasValue(300L);
    var token = answer.token();
    assertThat(header(token).text("typ")).hasValue("txntoken+jwt");
    var claims = claims(token);
    var held = claims(sent);
    assertThat(claims.members().keySet())
        .containsExactlyInAnyOrder(
            "iss",
            "sub",
            "sub_profile",
            "client_id",
            "scope",
            "purpose",
            "act",
            "dlg",
            "tsk",
            "cut",
            "lin",
            "target",
            "aud",
            "txn",
            "req_wl",
            "rctx",
            "tctx",
            "jti",
            "iat",
            "exp");
    for (var same : List.of("iss", "sub", "sub_profile", "purpose", "act", "dlg", "tsk")) {
      assertThat(claims.get(same)).as(same).isPresent().isEqualTo(held.get(same));
    }
    assertThat(claim(token, "aud")).isEqualTo(TestServer.TRUST_DOMAIN);
    assertThat(claim(token, "scope")).isEqualTo("tickets.read");
    assertThat(claim(token, "req_wl")).isEqualTo(gateway.id());
    assertThat(claim(token, "txn")).isEqualTo(claim(token, "jti"));
    assertThat(claims.object("rctx").orElseThrow().toText())
        .isEqualTo("{\"req_ip\":\"192.0.2.7\"}");
    assertThat(claims.object("tctx").orElseThrow().toText()).isEqualTo("{\"ticket\":{\"id\":7}}");
    assertThat(claims.texts("lin").orElseThrow())
        .contains(story.alice, triage.id(), crew.delegation(), gateway.id(), claim(sent, "jti"));
  }

  /// Who asked is context: the agent acts, and nobody where nobody acts for the subject.
  @Test
  void theActorDecidesAndTheRequesterIsContext() {
    assertThat(claims(begun()).object("act")).hasValue(triage.act());
    var own = gateway.begin(triage.own().token()).token();
    assertThat(claim(own, "sub")).isEqualTo(triage.id());
    assertThat(claims(own).members()).doesNotContainKey("act");
    assertThat(claim(own, "req_wl")).isEqualTo(gateway.id());
  }

  @Test
  void theScopeIsWithinTheOneOfTheSubjectToken() {
    var sent = used("scope", "tickets.read search");
    assertThat(claim(gateway.begin(sent, "scope", "search").token(), "scope")).isEqualTo("search");
    var wider = gateway.begin(sent, "scope", "tickets.read tickets.update");
    story.refuses(gateway, SCOPE_NOT_DELEGATED, wider);
    story.refuses(gateway, SCOPE_NOT_DELEGATED, gateway.begin(sent, "scope", "tickets.update"));
  }

  @Test
  void anUnknownScopeIsRefusedAndSoIsNone() {
    story.refuses(gateway, SCOPE_UNKNOWN, gateway.begin(used(), "scope", "trade.stocks"));
    story.refuses(
        gateway, SCOPE_UNKNOWN, gateway.begin(used(), "scope", "tickets.read records.read"));
    story.refuses(gateway, MALFORMED_REQUEST, gateway.begin(used(), "scope", ""));
  }

  @Test
  void thePurposeStaysOrNarrows() {
    var narrower = gateway.begin(used(), "purpose", "support.triage").token();
    assertThat(claim(narrower, "purpose")).isEqualTo("support.triage");
    var token = archivist.replace(narrower).token();
    assertThat(claim(token, "purpose")).isEqualTo("support.triage");
    story.refuses(gateway, PURPOSE_NOT_COVERING, gateway.begin(used(), "purpose", "billing"));
    var back = archivist.replace(narrower, "purpose", "support");
    story.refuses(archivist, PURPOSE_NOT_COVERING, back);
  }

  /// The access token is not in it, neither by the server nor by what the workload says, and the
  /// record has a hash of the transaction token and nothing of what was said.
  @Test
  void neverHoldsTheAccessTokenAndIsNotOnRecordWhole() {
    var sent = used();
    var token = gateway.begin(sent, "request_details", "{\"note\":\"a-secret-note\"}").token();
    assertThat(claims(token).toText()).doesNotContain(sent, sent.substring(sent.length() - 40));
    var leaf = story.newest(claim(token, "jti"));
    assertThat(leaf.text("type")).hasValue("transaction.issued");
    var facts = leaf.object("facts").orElseThrow();
    var hash = Base64Url.encode(Crypto.sha256(token.getBytes(US_ASCII)));
    assertThat(facts.text("hash")).hasValue(hash);
    assertThat(facts.text("transaction")).hasValue(claim(token, "txn"));
    assertThat(facts.text("trustDomain")).hasValue(TestServer.TRUST_DOMAIN);
    assertThat(facts.texts("requesters")).hasValue(List.of(gateway.id()));
    var entry = story.read("/api/v1/audit/" + claim(token, "jti")).toText();
    assertThat(entry).doesNotContain(token, token.substring(token.length() - 40), "secret-note");
  }

  @Test
  void whatIsSaidOfItHoldsNoTokens() {
    var sent = used();
    var other = triage.own().token();
    var secret = "c2VjcmV0c2VjcmV0c2VjcmV0";
    for (var name : List.of("request_context", "request_details")) {
      for (var said :
          List.of(
              "{\"authorization\":\"" + sent + "\"}",
              "{\"a\":[{\"b\":\"see " + other + " there\"}]}",
              "{\"" + other + "\":1}",
              "{\"h\":\"Bearer " + secret + "\"}",
              "{\"h\":\"DPoP  " + secret + "\"}",
              "{\"h\":\"basic " + secret + "\"}",
              "{\"id_token\":\"eyJhbGciOiJub25lIn0.e30.\"}")) {
        var answer = gateway.begin(sent, name, said);
        story.refuses(gateway, MALFORMED_REQUEST, answer);
        assertThat(answer.text("error_description")).contains(name, "a token");
      }
    }
    var harmless = "{\"host\":\"eyJury.example.org\",\"note\":\"the bearer of this letter\"}";
    assertThat(gateway.begin(sent, "request_context", harmless).status()).isEqualTo(200);
  }

  @Test
  void whatIsSaidOfItIsBounded() {
    var sent = used();
    var fits = "{\"a\":\"" + "x".repeat(1_992) + "\"}";
    assertThat(gateway.begin(sent, "request_details", fits).status()).isEqualTo(200);
    var deep = "{\"a\":[{\"b\":[{\"c\":1}]}]}";
    assertThat(gateway.begin(sent, "request_details", deep).status()).isEqualTo(200);
    for (var bad :
        List.of(
            "{\"a\":\"" + "x".repeat(1_993) + "\"}",
            "{\"a\":\"" + "ü".repeat(1_000) + "\"}",
            "{\"a\":[{\"b\":[{\"c\":[]}]}]}",
            "[]",
            "\"text\"",
            "{\"a\":1,\"a\":2}",
            "{\"a\":",
            "not json")) {
      for (var name : List.of("request_context", "request_details")) {
        story.refuses(gateway, MALFORMED_REQUEST, gateway.begin(sent, name, bad));
      }
    }
  }

  /// Never longer than what it is made from, so that no row of replacements outlives the call.
  @Test
  void endsWithWhatItIsMadeFrom() {
    var sent = used();
    story.pass(Duration.ofSeconds(100));
    var answer = gateway.begin(sent);
    assertThat(answer.good().body().number("expires_in")).hasValue(200L);
    assertThat(exp(answer.token())).isEqualTo(exp(sent));
    story.pass(Duration.ofSeconds(50));
    var next = archivist.replace(answer.token()).token();
    assertThat(exp(next)).isEqualTo(exp(sent));
  }

  @Test
  void aReplacementKeepsTransactionSubjectAndAudience() {
    var first = begun();
    var next = archivist.replace(first).token();
    for (var same : List.of("txn", "sub", "aud", "act", "dlg", "tsk", "target", "purpose")) {
      assertThat(claims(next).get(same)).as(same).isPresent().isEqualTo(claims(first).get(same));
    }
    assertThat(claim(next, "jti")).isNotEqualTo(claim(first, "jti"));
    assertThat(gateway.introspectTransaction(first).flag("active")).hasValue(true);
  }

  @Test
  void aReplacementKeepsTheChainOfCallers() {
    var third = story.workload("third");
    story.transacts(third, true);
    var next = third.replace(archivist.replace(begun()).token()).token();
    var all = String.join(",", gateway.id(), archivist.id(), third.id());
    assertThat(claim(next, "req_wl")).isEqualTo(all);
    assertThat(claims(next).texts("lin").orElseThrow())
        .contains(gateway.id(), archivist.id(), third.id());
    var again = third.replace(next).token();
    assertThat(claim(again, "req_wl")).isEqualTo(all + "," + third.id());
  }

  @Test
  void aReplacementOnlyNarrowsTheScope() {
    var first = gateway.begin(used(), "scope", "tickets.read search").token();
    var next = archivist.replace(first, "scope", "search").token();
    assertThat(claim(next, "scope")).isEqualTo("search");
    story.refuses(archivist, SCOPE_NOT_DELEGATED, archivist.replace(next));
    story.refuses(
        archivist, SCOPE_NOT_DELEGATED, archivist.replace(first, "scope", "tickets.update search"));
    story.refuses(archivist, SCOPE_UNKNOWN, archivist.replace(first, "scope", "records.read"));
    story.refuses(archivist, MALFORMED_REQUEST, archivist.replace(first, "scope", ""));
  }

  @Test
  void anExpiredOneIsNotReplaced() {
    var first = begun();
    story.pass(Duration.ofMinutes(5));
    story.refuses(gateway, SUBJECT_TOKEN_INVALID, gateway.replace(first));
    assertThat(gateway.introspectTransaction(first).toText()).isEqualTo("{\"active\":false}");
  }

  @Test
  void aReplacementAddsToWhatWasSaidAndChangesNothingOfIt() {
    var first =
        gateway
            .begin(used(), "request_details", "{\"n\":1}", "request_context", "{\"ip\":\"::1\"}")
            .token();
    var next = archivist.replace(first, "request_details", "{\"tax\":2,\"n\":1}").token();
    assertThat(claims(next).object("tctx").orElseThrow().toText()).isEqualTo("{\"n\":1,\"tax\":2}");
    assertThat(claims(next).get("rctx")).isEqualTo(claims(first).get("rctx"));
    for (var name : List.of("request_details", "request_context")) {
      var other = name.equals("request_details") ? "{\"n\":2}" : "{\"ip\":\"::2\"}";
      story.refuses(archivist, MALFORMED_REQUEST, archivist.replace(first, name, other));
      var large = "{\"more\":\"" + "x".repeat(1_985) + "\"}";
      assertThat(gateway.begin(used(), name, large).status()).isEqualTo(200);
      story.refuses(archivist, MALFORMED_REQUEST, archivist.replace(first, name, large));
    }
  }

  @Test
  void aRowOfReplacementsIsBounded() {
    var token = begun();
    for (int i = 1; i < 8; i++) {
      token = gateway.replace(token).token();
    }
    story.refuses(gateway, CHAIN_TOO_DEEP, gateway.replace(token));
  }

  /// What a workload says by itself proves nobody's authority, and a refresh token is for getting
  /// access tokens.
  @Test
  void otherSubjectTokensAreRefused() {
    for (var type :
        List.of("refresh_token", "id_token", "jwt", "self_signed", "unsigned_json", "saml2", "x")) {
      var urn = "urn:ietf:params:oauth:token-type:" + type;
      for (var subject : List.of(used(), "{\"sub\":\"" + story.alice + "\"}")) {
        var answer = gateway.begin(subject, "subject_token_type", urn);
        story.refuses(gateway, MALFORMED_REQUEST, answer);
      }
    }
    for (var type : List.of(Party.DELEGATION, Party.HAND_OVER)) {
      var answer = gateway.begin(crew.delegation(), "subject_token_type", type);
      story.refuses(gateway, MALFORMED_REQUEST, answer);
    }
    story.refuses(gateway, MALFORMED_REQUEST, gateway.begin(used(), "subject_token", ""));
  }

  @Test
  void isForTheTrustDomainAndNothingElse() {
    for (var elsewhere : List.of(CRM, "other.example", "CRM.internal.example")) {
      story.refuses(gateway, RESOURCE_UNKNOWN, gateway.begin(used(), "audience", elsewhere));
      story.refuses(gateway, RESOURCE_UNKNOWN, gateway.replace(begun(), "audience", elsewhere));
    }
    story.refuses(gateway, MALFORMED_REQUEST, gateway.begin(used(), "audience", ""));
    story.refuses(gateway, MALFORMED_REQUEST, gateway.begin(used(), "resource", CRM));
    for (var name : List.of("actor_token", "actor_token_type", "requested_actor")) {
      story.refuses(gateway, MALFORMED_REQUEST, gateway.begin(used(), name, "x"));
    }
  }

  @Test
  void onlyAWorkloadThatIsRegisteredForItGetsOne() {
    var sent = used();
    var first = begun();
    var stranger = story.workload("stranger");
    var application = story.application("portal");
    for (var nobody : List.of(stranger, triage, application)) {
      story.refuses(nobody, CLIENT_NOT_ALLOWED, nobody.begin(sent));
      story.refuses(nobody, CLIENT_NOT_ALLOWED, nobody.replace(first));
      assertThat(nobody.introspectTransaction(first).toText()).isEqualTo("{\"active\":false}");
    }
    story.transacts(stranger, true);
    assertThat(stranger.replace(first).status()).isEqualTo(200);
    assertThat(stranger.introspectTransaction(first).flag("active")).hasValue(true);
    story.transacts(stranger, false);
    story.refuses(stranger, CLIENT_NOT_ALLOWED, stranger.replace(first));
    assertThat(stranger.introspectTransaction(first).toText()).isEqualTo("{\"active\":false}");
  }

  @Test
  void onlyTheWorkloadThatATokenWasSentToBeginsWithIt() {
    story.refuses(archivist, SUBJECT_TOKEN_INVALID, archivist.begin(used()));
    var further = gateway.downstream(used()).token();
    story.refuses(gateway, SUBJECT_TOKEN_INVALID, gateway.begin(further));
    var answer = archivist.begin(further, "scope", "records.read");
    assertThat(claim(answer.token(), "target")).isEqualTo(Story.ARCHIVE);
  }

  @Test
  void introspectionTellsTheTrustDomainAboutItAndOnlyByItsHint() {
    var token = gateway.begin(used(), "request_details", "{\"n\":1}").token();
    var told = archivist.introspectTransaction(token);
    assertThat(told.flag("active")).hasValue(true);
    assertThat(told.text("token_type")).hasValue("N_A");
    for (var name : List.of("aud", "txn", "req_wl", "tctx", "act", "sub", "scope", "exp")) {
      assertThat(told.get(name)).as(name).isPresent().isEqualTo(claims(token).get(name));
    }
    assertThat(gateway.introspect(token).good().body().toText()).isEqualTo("{\"active\":false}");
    assertThat(gateway.introspectTransaction(used()).toText()).isEqualTo("{\"active\":false}");
  }

  /// A wrong step of the story, and the transaction is over with all that replaced it.
  private void isOver(String token, Runnable step) {
    var next = archivist.replace(token).token();
    step.run();
    for (var dead : List.of(token, next)) {
      assertThat(archivist.introspectTransaction(dead).toText()).isEqualTo("{\"active\":false}");
      var answer = archivist.replace(dead);
      story.refuses(archivist, SUBJECT_TOKEN_INVALID, answer);
    }
  }

  @Test
  void aCutOffOfWhatItRestsOnEndsIt() {
    var sent = used();
    isOver(gateway.begin(sent).token(), () -> triage.revoke(sent).good());
    var other = story.crew();
    var killed = gateway.begin(other.triage().use(other.delegation()).token()).token();
    isOver(killed, () -> story.step(other.triage(), "kill"));
    story.step(other.triage(), "resume");
    var answer = archivist.replace(killed);
    story.refuses(archivist, SUBJECT_TOKEN_INVALID, answer);
    var third = story.crew();
    var revoked = gateway.begin(third.triage().use(third.delegation()).token()).token();
    isOver(revoked, () -> story.act("delegations", third.delegation(), "revoke"));
  }

  /// What a workload said is worth as much as the workload.
  @Test
  void aWorkloadThatIsStoppedTakesItsTransactionsAlong() {
    var bad = story.workload("bad");
    story.transacts(bad, true);
    var token = bad.replace(begun()).token();
    isOver(token, () -> story.act("workloads", bad.id(), "deactivate"));
  }

  @Test
  void theReportOfAKillTellsWhereOneIsStillBelieved() {
    var other = story.crew();
    var token = gateway.begin(other.triage().use(other.delegation()).token()).token();
    var report = story.step(other.triage(), "kill");
    var domain =
        ((Json.Arr) report.get("audiences").orElseThrow())
            .items().stream()
                .map(Json.Obj.class::cast)
                .filter(one -> one.text("audience").orElse("").equals(TestServer.TRUST_DOMAIN))
                .findFirst()
                .orElseThrow();
    assertThat(domain.number("tokens")).hasValue(1L);
    assertThat(domain.flag("open")).hasValue(true);
    assertThat(exp(token)).isGreaterThan(story.now().getEpochSecond());
  }

  // Taken for something else

  @Test
  void itIsNoAccessTokenAtThisServersOwnApis() {
    var token = begun();
    for (var path : List.of("/oauth2/userinfo", "/api/v1/agents", "/api/v1/audit")) {
      assertThat(story.server.get(path, token).statusCode()).as(path).isEqualTo(401);
    }
    var question = Json.object().put("subject", Json.Obj.EMPTY).build();
    assertThat(story.server.post("/access/v1/evaluation", token, question).statusCode())
        .isEqualTo(401);
  }

  @Test
  void itIsNoAccessTokenInADecision() {
    var sent = used();
    var token = gateway.begin(sent).token();
    assertThat(decision(sent)).isTrue();
    assertThat(decision(token)).isFalse();
  }

  private boolean decision(String token) {
    var answer = gateway.decides(token, triage.id(), "Crm", "tickets.read");
    return answer.body().flag("decision").orElseThrow();
  }

  @Test
  void itIsTheSubjectTokenOfNoOtherExchange() {
    var token = begun();
    story.refuses(gateway, SUBJECT_TOKEN_INVALID, gateway.downstream(token));
    story.refuses(gateway, SUBJECT_TOKEN_INVALID, gateway.begin(token));
    story.refuses(triage, SUBJECT_TOKEN_INVALID, triage.handOver(token, crew.lookup()));
    story.refuses(triage, SUBJECT_TOKEN_INVALID, triage.take(token));
    story.refuses(triage, SUBJECT_TOKEN_INVALID, triage.use(token));
    var typed = gateway.downstream(token, "subject_token_type", TRANSACTION);
    story.refuses(gateway, MALFORMED_REQUEST, typed);
  }

  @Test
  void itIsNoActorTokenAndNoCredential() {
    var token = gateway.begin(triage.own().token()).token();
    for (var type : List.of(ACCESS_TOKEN, TRANSACTION)) {
      var answer = triage.use(crew.delegation(), "actor_token", token, "actor_token_type", type);
      assertThat(answer.status()).as(type).isEqualTo(400);
      assertThat(answer.text("error")).isEqualTo("invalid_request");
    }
    var form = Party.byAssertion(token, "grant_type", "client_credentials", "resource", CRM);
    var byItself =
        story.server.send(
            HttpRequest.newBuilder(story.server.uri("/oauth2/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(Party.form(form))));
    assertThat(byItself.statusCode()).isEqualTo(401);
    var refresh = triage.token("grant_type", "refresh_token", "refresh_token", token);
    assertThat(refresh.status()).isEqualTo(400);
    var bearer =
        gateway.token(
            "grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion", token);
    assertThat(bearer.text("error")).isEqualTo("invalid_grant");
  }

  @Test
  void nothingElseIsReplacedAsOne() {
    var sent = used();
    var handOver = triage.handOver(sent, crew.lookup()).token();
    for (var other : List.of(sent, handOver, triage.own().token(), begun() + "x", "x")) {
      story.refuses(gateway, SUBJECT_TOKEN_INVALID, gateway.replace(other));
    }
  }
}
