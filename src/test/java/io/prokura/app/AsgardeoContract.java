package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The agent lookup signs in by its own secret through the application console, as the clients of
/// WSO2 Asgardeo have it do; and what others may try with what passes by.
abstract class AsgardeoContract {
  private final AtomicReference<Duration> passed = new AtomicReference<>(Duration.ZERO);
  private final Instant began = Instant.now();
  private final World world = new World(() -> began.plus(passed.get()), new SecureRandom());
  private Company company;
  private AgentSdk sdk;

  abstract Database database();

  @BeforeEach
  void found() {
    company = Company.foundCompatible(database(), world);
    company.agent("worker", "['<work>']");
    company.permit("worker", "crm", "['tickets.read', 'tickets.close']", "own");
    company.make(
        "desk",
        "clients",
        """
        {'name': 'desk', 'public': true, 'redirectUris': ['https://console.example/cb'],
         'resource': '<crm>', 'covers': [{'resource': '<crm>', 'actions': ['tickets.read']}]}
        """);
    sdk = new AgentSdk(company, "console");
  }

  @AfterEach
  void close() {
    company.close();
  }

  private void later(Duration time) {
    passed.updateAndGet(before -> before.plus(time));
    Eventually.holds("a node that follows the clock", company.server::ready);
  }

  private String member(HttpResponse<String> response, String name) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return company.server.object(response.body()).text(name).orElse("");
  }

  private String error(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isBetween(400, 403);
    return company.server.object(response.body()).text("error").orElse("");
  }

  private Json.Obj claims(String jwt) {
    var payload = Base64.getUrlDecoder().decode(jwt.split("\\.", -1)[1]);
    return company.server.object(new String(payload, StandardCharsets.UTF_8));
  }

  private Json.Obj introspected(String token) {
    var answer =
        company.server.form(
            "/oauth2/introspect",
            company.id("crm-server"),
            company.secret("crm-server"),
            "token=" + token);
    return company.server.object(answer.body());
  }

  private boolean isActive(String token) {
    return introspected(token).toText().contains("\"active\":true");
  }

  @Test
  void anAgentSignsInAndGetsATokenOfItsOwn() {
    var begun = sdk.begun();
    assertThat(begun.text("flowStatus")).hasValue("INCOMPLETE");
    assertThat(begun.text("flowType")).hasValue("AUTHENTICATION");
    assertThat(begun.toText()).contains(company.server.issuer() + "/oauth2/authn");
    assertThat(AgentSdk.authenticator(begun)).isNotEmpty();
    var tokens = sdk.redeem(sdk.code("worker"));
    var claims = claims(member(tokens, "access_token"));
    assertThat(claims.text("sub")).hasValue(company.id("worker"));
    assertThat(claims.text("aut")).hasValue("AGENT");
    assertThat(claims.text("client_id")).hasValue(company.id("console"));
    assertThat(claims.text("aud")).hasValue(Company.CRM);
    assertThat(claims.text("purpose")).hasValue("support");
    assertThat(claims.get("act")).isEmpty();
    assertThat(member(tokens, "scope")).startsWith("openid ").contains("tickets.close");
    assertThat(tokens.body()).doesNotContain("refresh_token");
    assertThat(isActive(member(tokens, "access_token"))).isTrue();
    var idToken = claims(member(tokens, "id_token"));
    assertThat(idToken.text("sub")).hasValue(company.id("worker"));
    assertThat(idToken.text("aud")).hasValue(company.id("console"));
    assertThat(idToken.text("aut")).hasValue("AGENT");
  }

  @Test
  void tokensSayWhatTheirSubjectIs() {
    var agents = member(sdk.redeem(sdk.code("worker")), "access_token");
    assertThat(introspected(agents).text("aut")).hasValue("AGENT");
    company.permit("crm-server", "archive", "['files.read']", "own");
    var workloads =
        company.granted("crm-server", "grant_type=client_credentials&resource=" + Company.ARCHIVE);
    assertThat(claims(workloads).text("aut")).hasValue("APPLICATION");
  }

  /// The token by which an agent shows itself when it acts for a person.
  @Test
  void theTokenIsAnActorToken() {
    var erin = Person.of(company.server, began);
    company.known("erin", erin.id);
    company.permit("erin", "crm", "['tickets.read']", "own");
    company.permit("worker", "archive", "['files.read']", "onBehalf");
    company.make(
        "helper",
        "permissions",
        "{'principal': '<worker>', 'resource': '<crm>', 'actions': ['tickets.read'],"
            + " 'mode': 'onBehalf'}");
    var flow = new CodeFlow(company, erin.browser);
    var own = sdk.redeem(sdk.code("worker"));
    var code = flow.code(List.of("tickets.read"), "requested_actor", "<worker>");
    var missing = flow.redeem(code);
    assertThat(flow.error(missing)).isEqualTo("invalid_request");
    assertThat(missing.body()).contains("Actor token is not provided in the request.");
    var idToken = flow.redeem(code, "actor_token", member(own, "id_token"));
    assertThat(flow.error(idToken)).isEqualTo("invalid_grant");
    var tokens = flow.redeem(code, "actor_token", member(own, "access_token"));
    var claims = claims(flow.member(tokens, "access_token"));
    assertThat(claims.text("sub")).hasValue(erin.id);
    assertThat(claims.text("aut")).hasValue("APPLICATION_USER");
    assertThat(claims.object("act").flatMap(act -> act.text("sub"))).hasValue(company.id("worker"));
  }

  @Test
  void theCeilingOfThePublicApplicationBoundsTheAgent() {
    var desk = new AgentSdk(company, "desk");
    var tokens = desk.redeem(desk.code("worker"));
    assertThat(member(tokens, "scope")).isEqualTo("openid tickets.read");
    assertThat(error(desk.redeem(desk.code("worker", "scope", "tickets.close"))))
        .isEqualTo("invalid_scope");
  }

  @Test
  void theAgentGetsNoMoreThanItMayByItself() {
    assertThat(error(sdk.redeem(sdk.code("worker", "scope", "tickets.delete"))))
        .isEqualTo("invalid_scope");
    assertThat(error(sdk.redeem(sdk.code("triage"))))
        .as("on behalf only")
        .isEqualTo("invalid_scope");
    assertThat(error(sdk.redeem(sdk.code("lookup"))))
        .as("two purposes")
        .isEqualTo("invalid_request");
    var tokens = sdk.redeem(sdk.code("lookup", "purpose", "support.triage"));
    assertThat(claims(member(tokens, "access_token")).text("purpose")).hasValue("support.triage");
  }

  /// The SDKs name the scopes of their application, not those of the agent.
  @Test
  void whatTheAgentDoesNotHaveIsLeftOutWhereItHasSomethingElse() {
    var some = sdk.redeem(sdk.code("worker", "scope", "openid tickets.read tickets.delete"));
    assertThat(member(some, "scope")).isEqualTo("openid tickets.read");
    assertThat(claims(member(some, "access_token")).text("scope")).hasValue("tickets.read");
    var desk = new AgentSdk(company, "desk");
    var both = desk.redeem(desk.code("worker", "scope", "tickets.close tickets.read"));
    assertThat(member(both, "scope")).as("the ceiling").isEqualTo("tickets.read");
    assertThat(error(sdk.begin("scope", "tickets.read tickets.invent"))).isEqualTo("invalid_scope");
  }

  @Test
  void aSecretThatIsWrongAndAnAgentThatIsNotThereLookTheSame() {
    var unknown = sdk.signIn(sdk.flow(), "agt_" + "0".repeat(26), company.secret("worker"));
    var wrong = sdk.signIn(sdk.flow(), company.id("worker"), company.secret("triage"));
    company.step("agents", "worker", "suspend");
    var suspended = sdk.signIn(sdk.flow(), "worker");
    for (var answer : List.of(unknown, wrong, suspended)) {
      assertThat(sdk.status(answer)).isEqualTo("FAIL_INCOMPLETE");
      assertThat(withoutFlow(answer)).isEqualTo(withoutFlow(unknown));
      assertThat(answer.body()).contains("msg_invalid_un_pw").doesNotContain("authData");
    }
  }

  private static String withoutFlow(HttpResponse<String> answer) {
    return answer.body().replaceAll("\"flowId\":\"[^\"]*\"", "");
  }

  /// A person's password is nothing here, nor is the secret of anything but an agent.
  @Test
  void nobodyButAnAgentSignsIn() {
    var erin = Person.of(company.server, began);
    for (var name : List.of("erin", erin.id)) {
      assertThat(sdk.status(sdk.signIn(sdk.flow(), name, Person.PASSWORD)))
          .isEqualTo("FAIL_INCOMPLETE");
    }
    for (var other : List.of("crm-server", "console")) {
      assertThat(sdk.status(sdk.signIn(sdk.flow(), other))).isEqualTo("FAIL_INCOMPLETE");
    }
  }

  @Test
  void aFlowIsTriedThreeTimesAndGoodForOneCode() {
    var flow = sdk.flow();
    for (int i = 0; i < 3; i++) {
      assertThat(sdk.status(sdk.signIn(flow, company.id("worker"), "wrong")))
          .isEqualTo("FAIL_INCOMPLETE");
    }
    assertOver(sdk.signIn(flow, "worker"));
    var other = sdk.flow();
    assertThat(sdk.status(sdk.signIn(other, "worker"))).isEqualTo("SUCCESS_COMPLETED");
    assertOver(sdk.signIn(other, "worker"));
    assertOver(sdk.signIn("x".repeat(43), "worker"));
    var late = sdk.flow();
    later(Duration.ofMinutes(5));
    assertOver(sdk.signIn(late, "worker"));
  }

  private static void assertOver(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("ABA-60009").doesNotContain("authData");
  }

  /// However many try at once, no more tries count than there are, and one code comes of it.
  @Test
  void oneFlowUsedManyTimesAtOnceComesToOneCode() throws Exception {
    var flow = sdk.flow();
    try (var pool = Executors.newFixedThreadPool(8)) {
      Callable<HttpResponse<String>> trying = () -> sdk.signIn(flow, "worker");
      var answers = pool.invokeAll(List.of(trying, trying, trying, trying, trying, trying));
      int codes = 0;
      for (var answer : answers) {
        codes += answer.get().body().contains("authData") ? 1 : 0;
      }
      assertThat(codes).isEqualTo(1);
    }
  }

  @Test
  void aCodeThatComesTwiceEndsWhatCameOfIt() {
    var code = sdk.code("worker");
    var token = member(sdk.redeem(code), "access_token");
    assertThat(isActive(token)).isTrue();
    assertThat(error(sdk.redeem(code))).isEqualTo("invalid_grant");
    Eventually.holds("the token is cut off", () -> !isActive(token));
  }

  @Test
  void aForeignApplicationRedeemsNothing() {
    var code = sdk.code("worker");
    assertThat(error(new AgentSdk(company, "desk").redeem(code))).isEqualTo("invalid_grant");
    assertThat(error(sdk.redeem(code, "client_secret", company.secret("worker"))))
        .isEqualTo("invalid_client");
    assertThat(member(sdk.redeem(code), "access_token")).isNotEmpty();
  }

  @Test
  void aCodeIsBoundToItsVerifierAddressAndResource() {
    var code = sdk.code("worker");
    var wrong = "w".repeat(43);
    assertThat(error(sdk.redeem(code, "code_verifier", wrong))).isEqualTo("invalid_grant");
    assertThat(error(sdk.redeem(code, "code_verifier", ""))).isEqualTo("invalid_grant");
    assertThat(error(sdk.redeem(code, "redirect_uri", "https://evil.example")))
        .isEqualTo("invalid_grant");
    assertThat(error(sdk.redeem(code, "resource", Company.ARCHIVE))).isEqualTo("invalid_target");
    assertThat(error(sdk.redeem(code, "actor_token", "x"))).isEqualTo("invalid_request");
    assertThat(error(sdk.redeem(code, "purpose", "support"))).isEqualTo("invalid_request");
    assertThat(member(sdk.redeem(code, "resource", Company.CRM), "access_token")).isNotEmpty();
    var late = sdk.code("worker");
    later(Duration.ofSeconds(60));
    assertThat(error(sdk.redeem(late))).isEqualTo("invalid_grant");
  }

  @Test
  void aRequestIsCheckedLikeAnyOther() {
    assertThat(error(sdk.begin("redirect_uri", "https://evil.example")))
        .isEqualTo("invalid_request");
    assertThat(error(sdk.begin("code_challenge", "", "code_challenge_method", "")))
        .isEqualTo("invalid_request");
    assertThat(error(sdk.begin("code_challenge_method", "plain"))).isEqualTo("invalid_request");
    assertThat(error(sdk.begin("response_type", "token"))).isEqualTo("unsupported_response_type");
    assertThat(error(sdk.begin("scope", "tickets.invent"))).isEqualTo("invalid_scope");
    assertThat(error(sdk.begin("resource", "https://nowhere.example"))).isEqualTo("invalid_target");
    assertThat(error(sdk.begin("client_secret", "wrong"))).isEqualTo("invalid_client");
    assertThat(error(sdk.begin("requested_actor", "<worker>"))).isEqualTo("invalid_request");
    assertThat(error(sdk.begin("request_uri", "urn:ietf:params:oauth:request_uri:x")))
        .isEqualTo("invalid_request");
    assertThat(error(sdk.begin("prompt", "none"))).isEqualTo("login_required");
    assertThat(error(sdk.begin("client_id", "<worker>", "client_secret", company.secret("worker"))))
        .as("an agent is no application")
        .isEqualTo("invalid_request");
  }

  /// Where an application begins without proving itself, it proves itself when it redeems.
  @Test
  void aConfidentialApplicationProvesItselfForTheToken() {
    var code = sdk.code("worker", "client_secret", "");
    assertThat(error(sdk.redeem(code, "client_secret", ""))).isEqualTo("invalid_client");
    assertThat(member(sdk.redeem(code), "access_token")).isNotEmpty();
  }

  /// What the SDKs always ask for is left out, and never makes an empty question of it.
  @Test
  void theScopeOfTheirOwnApiIsLeftOut() {
    var tokens = sdk.redeem(sdk.code("worker", "scope", "openid internal_login tickets.read"));
    assertThat(member(tokens, "scope")).isEqualTo("openid tickets.read");
    assertThat(error(sdk.begin("scope", "internal_login"))).isEqualTo("invalid_scope");
    assertThat(error(sdk.begin("scope", "internal_other"))).isEqualTo("invalid_scope");
  }

  @Test
  void aStepThatIsNoneIsRefused() {
    for (var body :
        List.of(
            "{",
            "[]",
            "{}",
            "{\"flowId\":1}",
            "{\"flowId\":\"%s\",\"selectedAuthenticator\":{\"params\":{}}}"
                .formatted(sdk.flow()))) {
      assertThat(sdk.authn(body).statusCode()).as(body).isEqualTo(400);
    }
    var step =
        """
        {"flowId":"%s","selectedAuthenticator":{"authenticatorId":"b3RoZXI",
         "params":{"username":"a","password":"b"}}}
        """
            .formatted(sdk.flow());
    assertThat(sdk.authn(step).body()).contains("ABA-60004");
  }

  @Test
  void whatHappensBetweenSignInAndTokenCounts() {
    var suspended = sdk.code("worker");
    company.step("agents", "worker", "suspend");
    assertThat(sdk.redeem(suspended).statusCode()).isEqualTo(400);
    company.step("agents", "worker", "resume");
    var fresh = sdk.code("worker");
    company.step("credentials", "worker-secret", "revoke");
    assertThat(error(sdk.redeem(fresh))).isEqualTo("invalid_grant");
  }

  @Test
  void whatTheTokenRestsOnEndsIt() {
    var token = member(sdk.redeem(sdk.code("worker")), "access_token");
    assertThat(isActive(token)).isTrue();
    company.step("credentials", "worker-secret", "revoke");
    Eventually.holds("the token is cut off", () -> !isActive(token));
  }

  @Test
  void theTokenOfACarefulAgentIsBoundToAKey() {
    company.agent("careful", "['<work>']", false);
    company.permit("careful", "crm", "['tickets.read']", "own");
    var code = sdk.code("careful");
    assertThat(error(sdk.redeem(code))).isEqualTo("invalid_request");
    var prover = new Prover(began);
    var tokens = sdk.redeemProving(prover.proof(), code);
    assertThat(member(tokens, "token_type")).isEqualTo("DPoP");
    var bound = claims(member(tokens, "access_token")).object("cnf");
    assertThat(bound.flatMap(one -> one.text("jkt"))).hasValue(prover.jkt());
    var named = sdk.code("careful", "dpop_jkt", prover.jkt());
    assertThat(error(sdk.redeemProving(new Prover(began).proof(), named)))
        .isEqualTo("invalid_grant");
    assertThat(member(sdk.redeemProving(prover.proof(), named), "access_token")).isNotEmpty();
  }

  /// An application that registered itself has nobody who answers for it.
  @Test
  void anApplicationOfNobodySignsNoAgentIn() {
    var body =
        "{\"client_name\":\"notes\",\"redirect_uris\":[\"https://console.example/cb\"],"
            + "\"token_endpoint_auth_method\":\"none\"}";
    var made =
        company.server.send(
            HttpRequest.newBuilder(company.server.uri("/oauth2/register"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    company.known("notes", company.server.object(made.body()).text("client_id").orElseThrow());
    assertThat(error(new AgentSdk(company, "notes").begin("resource", Company.CRM)))
        .isEqualTo("unauthorized_client");
  }
}
