package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.kernel.World;
import io.prokura.sql.Database;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The agent triage and the console ask Erin without her browser, and she answers at her own page;
/// and what others may try.
abstract class BackchannelContract {
  private final AtomicReference<Duration> passed = new AtomicReference<>(Duration.ZERO);
  private final Instant began = Instant.now();

  /// Its clock stands still but for what the test lets pass.
  private final World world = new World(() -> began.plus(passed.get()), new SecureRandom());
  private Company company;
  private Person erin;
  private Backchannel flow;

  abstract Database database();

  @BeforeEach
  void found() {
    company = Company.found(database(), world);
    erin = Person.of(company.server, began);
    company.known("erin", erin.id);
    company.permit("erin", "crm", "['tickets.read', 'tickets.close']", "own");
    company.permit("triage", "archive", "['files.read']", "own");
    flow = new Backchannel(company, erin.browser);
  }

  @AfterEach
  void close() {
    company.close();
  }

  /// Passes as much time as has to lie between two polls.
  private void later(Duration time) {
    passed.updateAndGet(before -> before.plus(time));
    Eventually.holds("a node that follows the clock", company.server::ready);
  }

  private String refresh(String token, String client) {
    return company.ask(client, "grant_type=refresh_token&refresh_token=" + token).body();
  }

  @Test
  void anAgentAsksAPersonAndActsForThem() {
    var request =
        flow.asked("triage", "purpose", "support", "binding_message", "Ticket <b>4711</b>");
    assertThat(flow.error(flow.poll("triage", request))).isEqualTo("authorization_pending");
    var path = flow.waiting().getFirst();
    erin.browser.open(path);
    assertThat(erin.browser.page())
        .contains("triage wants to act for you", "support", "dana", "tickets.read")
        .contains("Ticket &lt;b&gt;4711&lt;/b&gt;")
        .doesNotContain("<script");
    assertThat(flow.decide(path, "allow", "tickets.read").statusCode()).isEqualTo(200);
    var tokens = flow.poll("triage", request);
    var token = flow.member(tokens, "access_token");
    var claims = flow.claims(token);
    assertThat(claims.text("sub")).hasValue(erin.id);
    assertThat(claims.text("client_id")).hasValue(company.id("triage"));
    assertThat(claims.object("act").flatMap(act -> act.text("sub"))).hasValue(company.id("triage"));
    assertThat(claims.text("purpose")).hasValue("support");
    assertThat(claims.texts("dlg").orElseThrow()).hasSize(1);
    assertThat(flow.isActive(token)).isTrue();
    assertThat(flow.waiting()).isEmpty();
    assertThat(refresh(flow.member(tokens, "refresh_token"), "triage")).contains("access_token");
  }

  @Test
  void tokensAreBoundToTheKeyThatIsProven() {
    var request = flow.asked("triage");
    flow.allow("tickets.read");
    var prover = new Prover(world.now());
    var triage =
        new Party(
            company.server,
            company.id("triage"),
            company.secret("triage"),
            company.server.stolenKey(),
            List.of(prover.proof()));
    var tokens = triage.token("grant_type", Backchannel.TYPE, "auth_req_id", request);
    assertThat(tokens.text("token_type")).isEqualTo("DPoP");
    var bound = flow.claims(tokens.text("access_token")).object("cnf");
    assertThat(bound.flatMap(one -> one.text("jkt"))).hasValue(prover.jkt());
  }

  @Test
  void anAgentIsToldNothingOfThePersonButWhoTheyAre() {
    var request = flow.asked("triage", "scope", "openid profile tickets.read");
    flow.allow("tickets.read");
    var tokens = flow.poll("triage", request);
    assertThat(flow.member(tokens, "scope")).isEqualTo("tickets.read");
    assertThat(tokens.body()).doesNotContain("id_token");
  }

  @Test
  void anApplicationAsksForAnAgentThatProvesItself() {
    var request =
        flow.asked("console", "requested_actor", "<triage>", "scope", "openid tickets.read");
    flow.allow("tickets.read");
    assertThat(flow.error(flow.poll("console", request))).isEqualTo("invalid_request");
    var lookup =
        company.granted(
            "lookup", "grant_type=client_credentials&resource=" + Company.CRM + "&purpose=support");
    assertThat(flow.error(flow.poll("console", request, "actor_token", lookup)))
        .as("another agent's")
        .isEqualTo("invalid_grant");
    var tokens = flow.poll("console", request, "actor_token", triageToken());
    var claims = flow.claims(flow.member(tokens, "access_token"));
    assertThat(claims.text("client_id")).hasValue(company.id("console"));
    assertThat(claims.object("act").flatMap(act -> act.text("sub"))).hasValue(company.id("triage"));
    var idToken = flow.claims(flow.member(tokens, "id_token"));
    assertThat(idToken.text("sub")).hasValue(erin.id);
    var next = flow.asked("console", "login_hint", "", "id_token_hint", idTokenOf(tokens.body()));
    flow.allow("tickets.read");
    assertThat(flow.error(flow.poll("console", next, "actor_token", triageToken())))
        .as("nobody was to act")
        .isEqualTo("invalid_request");
    assertThat(flow.claims(flow.member(flow.poll("console", next), "access_token")).get("act"))
        .isEmpty();
    assertThat(
            flow.error(
                flow.ask("triage", "login_hint", "", "id_token_hint", idTokenOf(tokens.body()))))
        .as("an ID token for another client")
        .isEqualTo("invalid_request");
  }

  private String idTokenOf(String body) {
    return company.server.object(body).text("id_token").orElseThrow();
  }

  private String triageToken() {
    return company.granted(
        "triage", "grant_type=client_credentials&resource=" + Company.ARCHIVE + "&purpose=support");
  }

  @Test
  void consentFromBeforeNeverAnswersForThePerson() {
    flow.asked("triage");
    flow.allow("tickets.read");
    var again = flow.asked("triage");
    assertThat(flow.error(flow.poll("triage", again))).isEqualTo("authorization_pending");
    assertThat(flow.waiting()).hasSize(1);
  }

  @Test
  void theAnswerIsForWhoAskedAndIsTakenOnce() throws Exception {
    var request = flow.asked("triage");
    flow.allow("tickets.read");
    assertThat(flow.error(flow.poll("lookup", request))).isEqualTo("invalid_grant");
    assertThat(flow.error(flow.poll("console", request))).isEqualTo("invalid_grant");
    assertThat(flow.error(flow.poll("triage", "x".repeat(43)))).isEqualTo("invalid_grant");
    assertThat(flow.error(flow.poll("triage", request, "resource", Company.ARCHIVE)))
        .isEqualTo("invalid_target");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Integer> poll = () -> flow.poll("triage", request).statusCode();
      var all = threads.invokeAll(List.of(poll, poll, poll, poll, poll, poll));
      long good = 0;
      for (var one : all) {
        good += one.get() == 200 ? 1 : 0;
      }
      assertThat(good).isEqualTo(1);
    }
    assertThat(flow.error(flow.poll("triage", request))).isEqualTo("invalid_grant");
  }

  @Test
  void aLevelThatIsAskedForStandsInTheToken() {
    var needed = "urn:prokura:acr:two-factors";
    for (var levels : List.of(needed, "urn:x:gold " + needed, "urn:x:gold")) {
      var request = flow.asked("console", "acr_values", levels, "scope", "openid tickets.read");
      flow.allow("tickets.read");
      var tokens = flow.poll("console", request);
      for (var kind : List.of("access_token", "id_token")) {
        var claims = flow.claims(flow.member(tokens, kind));
        assertThat(claims.text("acr")).as(levels).hasValue(needed);
        assertThat(claims.texts("amr"))
            .as("without a passkey")
            .hasValueSatisfying(amr -> assertThat(amr).doesNotContain("pop"));
      }
    }
  }

  @Test
  void whoPollsTooFastHasToSlowDownForGood() {
    var request = flow.asked("triage");
    assertThat(flow.error(flow.poll("triage", request))).isEqualTo("authorization_pending");
    assertThat(flow.error(flow.poll("triage", request))).isEqualTo("slow_down");
    later(Duration.ofSeconds(6));
    assertThat(flow.error(flow.poll("triage", request))).as("ten by now").isEqualTo("slow_down");
    later(Duration.ofSeconds(16));
    assertThat(flow.error(flow.poll("triage", request))).isEqualTo("authorization_pending");
    later(Duration.ofSeconds(11));
    assertThat(flow.error(flow.poll("triage", request))).as("for good").isEqualTo("slow_down");
  }

  @Test
  void aRequestIsDeniedOrExpiresAndNothingComesOfIt() {
    var denied = flow.asked("triage");
    var path = flow.waiting().getFirst();
    assertThat(flow.decide(path, "deny").statusCode()).isEqualTo(200);
    assertThat(flow.error(flow.poll("triage", denied))).isEqualTo("access_denied");
    assertThat(erin.browser.open(path).statusCode()).isEqualTo(404);
    var late = flow.asked("triage", "requested_expiry", "60");
    var untaken = flow.asked("triage", "requested_expiry", "60");
    var open = flow.waiting();
    flow.decide(open.getLast(), "allow", "tickets.read");
    erin.browser.open(open.getFirst());
    var form = Browser.encoded(erin.browser.hidden()) + "&decision=allow&scope=tickets.read";
    later(Duration.ofSeconds(61));
    assertThat(flow.error(flow.poll("triage", late))).isEqualTo("expired_token");
    assertThat(flow.error(flow.poll("triage", untaken))).isEqualTo("expired_token");
    assertThat(erin.browser.post(open.getFirst(), form).statusCode()).isEqualTo(404);
    assertThat(flow.waiting()).isEmpty();
  }

  @Test
  void whatEndsBetweenConsentAndTokenEndsTheRequest() {
    var byAgent = flow.asked("triage");
    flow.allow("tickets.read");
    var byConsole = flow.asked("console", "requested_actor", "<triage>");
    flow.allow("tickets.read");
    var unanswered = flow.asked("console", "requested_actor", "<triage>");
    var actor = triageToken();
    company.step("agents", "triage", "suspend");
    assertThat(flow.error(flow.poll("triage", byAgent))).isEqualTo("unauthorized_client");
    assertThat(flow.poll("console", byConsole, "actor_token", actor).statusCode()).isEqualTo(400);
    var path = flow.waiting().getFirst();
    erin.browser.open(path);
    assertThat(erin.browser.page()).contains("This can&#39;t be allowed.");
    assertThat(flow.decide(path, "allow", "tickets.read").statusCode()).isEqualTo(400);
    assertThat(flow.decide(path, "deny").statusCode()).isEqualTo(200);
    assertThat(flow.error(flow.poll("console", unanswered))).isEqualTo("access_denied");
  }

  @Test
  void withdrawnConsentStopsWhatWasNotTakenAndWhatWas() {
    var request = flow.asked("triage");
    flow.allow("tickets.read");
    withdraw();
    assertThat(flow.error(flow.poll("triage", request))).isEqualTo("invalid_grant");
    var taken = flow.asked("triage");
    flow.allow("tickets.read");
    var tokens = flow.poll("triage", taken);
    withdraw();
    assertThat(flow.isActive(flow.member(tokens, "access_token"))).isFalse();
    assertThat(refresh(flow.member(tokens, "refresh_token"), "triage")).contains("invalid_grant");
  }

  private void withdraw() {
    erin.browser.open("/me");
    var page = erin.browser.page();
    int at = page.indexOf("/me/consents/");
    erin.browser.submit(page.substring(at, page.indexOf('"', at)), Map.of());
  }

  @Test
  void nobodyAnswersForSomebodyElse() {
    var request = flow.asked("triage", "login_hint", "alice");
    assertThat(flow.waiting()).isEmpty();
    flow.asked("triage");
    var path = flow.waiting().getFirst();
    var stranger = new Browser(company.server.uri("").getPort());
    assertThat(CodeFlow.location(stranger.open(path))).startsWith("/login?return_to=");
    assertThat(stranger.post(path, "decision=allow&scope=tickets.read").statusCode())
        .isEqualTo(403);
    erin.browser.open(path);
    assertThat(erin.browser.post(path, "decision=allow&scope=tickets.read").statusCode())
        .as("without the token of the form")
        .isEqualTo(403);
    erin.browser.headers.put("Sec-Fetch-Site", "cross-site");
    assertThat(flow.decide(path, "allow", "tickets.read").statusCode()).isEqualTo(403);
    erin.browser.headers.clear();
    for (var wrong : List.of("req_00000000000000000000000000", "x", request)) {
      assertThat(flow.decide("/me/requests/" + wrong, "allow", "tickets.read").statusCode())
          .isIn(403, 404);
    }
    assertThat(flow.decide(path, "allow", "tickets.read", "tickets.close").statusCode())
        .as("more than was asked for")
        .isEqualTo(400);
    assertThat(flow.decide(path, "allow").statusCode()).as("nothing").isEqualTo(400);
    assertThat(flow.error(flow.poll("triage", request))).isEqualTo("authorization_pending");
  }

  @Test
  void whoIsNamedChangesNothingInTheAnswer() {
    for (var hint : List.of("erin", "<erin>", "nobody", "usr_00000000000000000000000000", " ")) {
      var started = flow.ask("console", "login_hint", hint);
      assertThat(started.statusCode()).as(hint).isEqualTo(200);
      var answer = company.server.object(started.body());
      assertThat(answer.members().keySet())
          .containsExactlyInAnyOrder("auth_req_id", "expires_in", "interval");
      assertThat(flow.error(flow.poll("console", answer.text("auth_req_id").orElseThrow())))
          .isEqualTo("authorization_pending");
    }
    var known = List.of("erin", "nobody");
    for (var hint : known) {
      for (int i = 0; i < 3; i++) {
        assertThat(flow.ask("triage", "login_hint", hint).statusCode()).isEqualTo(200);
      }
      assertThat(flow.error(flow.ask("triage", "login_hint", hint)))
          .isEqualTo("temporarily_unavailable");
    }
    assertThat(flow.waiting()).as("two by the console, three by triage").hasSize(5);
  }

  @Test
  void aPersonIsNotFlooded() {
    for (int i = 0; i < 8; i++) {
      company.agent("pest" + i, "['<work>']");
      for (int j = 0; j < 3; j++) {
        assertThat(flow.ask("pest" + i).statusCode()).isEqualTo(200);
      }
    }
    assertThat(flow.waiting()).hasSize(20);
  }

  @Test
  void whatIsWrongIsRefusedAtOnce() {
    for (var wrong :
        List.of(
            List.of("login_hint", "", "invalid_request"),
            List.of("id_token_hint", "x", "invalid_request"),
            List.of("login_hint_token", "x", "invalid_request"),
            List.of("user_code", "1234", "invalid_request"),
            List.of("request", "e30.e30.", "request_not_supported"),
            List.of("requested_expiry", "0", "invalid_request"),
            List.of("requested_expiry", "-5", "invalid_request"),
            List.of("requested_expiry", "9999999999", "invalid_request"),
            List.of("binding_message", "x".repeat(121), "invalid_binding_message"),
            List.of("binding_message", "a\nb", "invalid_binding_message"),
            List.of("binding_message", "a\u202eb", "invalid_binding_message"),
            List.of("binding_message", "a  b", "invalid_binding_message"),
            List.of("scope", "tickets.burn", "invalid_scope"),
            List.of("resource", "https://nowhere.example", "invalid_target"),
            List.of("resource", "", "invalid_target"),
            List.of("purpose", "marketing", "invalid_request"),
            List.of("requested_actor", "<lookup>", "invalid_request"),
            List.of("requested_actor", "<erin>", "invalid_request"))) {
      assertThat(flow.error(flow.ask("triage", wrong.get(0), wrong.get(1))))
          .as(wrong.toString())
          .isEqualTo(wrong.get(2));
    }
    assertThat(flow.error(flow.ask("crm-server"))).isEqualTo("unauthorized_client");
    var program =
        company
            .make(
                "program",
                "clients",
                "{'name': 'program', 'everything': true, 'public': true,"
                    + " 'redirectUris': ['http://127.0.0.1/cb']}")
            .text("id")
            .orElseThrow();
    var asked =
        new Browser(company.server.uri("").getPort())
            .post("/oauth2/bc-authorize", "client_id=" + program + "&login_hint=erin&resource=x");
    assertThat(flow.error(asked)).as("a public application").isEqualTo("unauthorized_client");
    assertThat(flow.waiting()).isEmpty();
  }
}
