package io.prokura.app;

import static io.prokura.app.CodeFlow.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import io.prokura.kernel.World;
import io.prokura.sql.TestDatabases;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Erin signs in and lets the console, and the agent triage through it, act for her; and what
/// others may try with what passes by.
final class CodeFlowTest {
  private static final List<String> READING = List.of("tickets.read");
  private static final List<String> BOTH = List.of("tickets.read", "tickets.close");

  private final MovedClock clock = new MovedClock();
  private final World world = clock.world;
  private Company company;
  private Person erin;
  private CodeFlow flow;

  @BeforeEach
  void found() {
    company = Company.found(TestDatabases.sqlite(), world);
    erin = Person.permitted(company);
    flow = new CodeFlow(company, erin.browser);
  }

  @AfterEach
  void close() {
    company.close();
  }

  private Json.Obj claims(String jwt) {
    var payload = Base64.getUrlDecoder().decode(jwt.split("\\.", -1)[1]);
    return company.server.object(new String(payload, StandardCharsets.UTF_8));
  }

  @Test
  void aPersonUsesAnApplicationByThemselves() {
    var asked = flow.authorize("scope", "openid tickets.read");
    var allowed = flow.decide(asked, "allow", READING);
    assertThat(erin.browser.page()).doesNotContain("<script");
    var answer = answer(allowed);
    assertThat(answer).containsEntry("state", "af0ifjsldkj");
    assertThat(answer).containsEntry("iss", company.server.issuer());
    var tokens = flow.redeem(answer.getOrDefault("code", ""));
    var claims = claims(flow.member(tokens, "access_token"));
    assertThat(claims.text("sub")).hasValue(erin.id);
    assertThat(claims.text("client_id")).hasValue(company.id("console"));
    assertThat(claims.text("scope")).hasValue("tickets.read");
    assertThat(claims.get("act")).isEmpty();
    assertThat(claims.text("acr")).hasValue("urn:prokura:acr:two-factors");
    assertThat(claims.texts("amr")).hasValue(List.of("pwd", "otp", "mfa"));
    assertThat(claims.number("auth_time").orElseThrow())
        .isBetween(world.now().getEpochSecond() - 60, world.now().getEpochSecond());
    assertThat(flow.member(tokens, "scope")).isEqualTo("openid tickets.read");
    var idToken = claims(flow.member(tokens, "id_token"));
    assertThat(idToken.text("aud")).hasValue(company.id("console"));
    assertThat(idToken.text("sub")).hasValue(erin.id);
    assertThat(idToken.text("acr")).hasValue("urn:prokura:acr:two-factors");
    var told = company.server.object(flow.introspect(flow.member(tokens, "access_token")).body());
    assertThat(told.flag("active")).hasValue(true);
    for (var name : List.of("acr", "amr", "auth_time")) {
      assertThat(told.get(name)).as(name).isPresent().isEqualTo(claims.get(name));
    }
  }

  private HttpResponse<String> userinfo(String token) {
    return company.server.get("/oauth2/userinfo", token);
  }

  @Test
  void anApplicationKnowsWhoSignedInAndNoMoreThanTheyAllowed() {
    var about = List.of("openid", "profile");
    var tokens = flow.redeem(flow.code(about, "scope", "openid profile", "resource", ""));
    var told = userinfo(flow.member(tokens, "access_token"));
    assertThat(flow.member(told, "sub")).isEqualTo(erin.id);
    assertThat(flow.member(told, "name")).isEqualTo("Erin");
    assertThat(told.body()).doesNotContain("email");
    var elsewhere = flow.member(flow.redeem(flow.code(READING)), "access_token");
    assertThat(userinfo(elsewhere).statusCode()).isEqualTo(401);
    assertThat(userinfo(flow.triageToken()).statusCode()).isEqualTo(401);
  }

  @Test
  void consentIsRememberedForTheSameAndAskedForMore() {
    flow.code(READING, "scope", "tickets.read");
    assertThat(answer(flow.authorize("scope", "tickets.read"))).containsKey("code");
    assertThat(CodeFlow.location(flow.authorize("scope", "tickets.close"))).startsWith("/consent");
    assertThat(CodeFlow.location(flow.authorize("scope", "tickets.read", "prompt", "consent")))
        .startsWith("/consent");
    assertThat(CodeFlow.location(flow.authorize("requested_actor", "<triage>")))
        .startsWith("/consent");
  }

  @Test
  void anAgentActsForAPersonThroughAnApplication() {
    var asked = flow.authorize("requested_actor", "<triage>", "purpose", "support");
    erin.browser.open(CodeFlow.location(asked));
    assertThat(erin.browser.page())
        .contains(
            "triage wants to act for you", ">console<", ">console.example<", "support", "Erin");
    var code = answer(flow.decide(asked, "allow", READING)).getOrDefault("code", "");
    var tokens = flow.redeem(code, "actor_token", flow.triageToken());
    var claims = claims(flow.member(tokens, "access_token"));
    assertThat(claims.text("sub")).hasValue(erin.id);
    assertThat(claims.text("client_id")).hasValue(company.id("console"));
    assertThat(claims.object("act").flatMap(act -> act.text("sub"))).hasValue(company.id("triage"));
    assertThat(claims.text("purpose")).hasValue("support");
    assertThat(claims.text("scope")).as("narrowed by the person").hasValue("tickets.read");
    assertThat(claims.texts("dlg").orElseThrow()).hasSize(1);
    assertThat(flow.isActive(flow.member(tokens, "access_token"))).isTrue();
    var refresh = flow.member(tokens, "refresh_token");
    var again = flow.refresh(refresh, "actor_token", flow.triageToken());
    assertThat(claims(flow.member(again, "access_token")).get("act")).isPresent();
  }

  @Test
  void theActorProvesItselfAndNobodyElseMay() {
    var actor = new String[] {"requested_actor", "<triage>"};
    var code = flow.code(READING, actor);
    assertThat(flow.error(flow.redeem(code))).isEqualTo("invalid_request");
    var lookup =
        company.granted(
            "lookup", "grant_type=client_credentials&resource=" + Company.CRM + "&purpose=support");
    assertThat(flow.error(flow.redeem(code, "actor_token", lookup))).isEqualTo("invalid_grant");
    var delegated =
        company.granted(
            "triage",
            "grant_type=urn:ietf:params:oauth:grant-type:token-exchange"
                + "&subject_token=<delegation>"
                + "&subject_token_type=urn:prokura:params:oauth:token-type:delegation&resource="
                + Company.CRM);
    assertThat(flow.error(flow.redeem(code, "actor_token", delegated))).isEqualTo("invalid_grant");
    assertThat(flow.redeem(code, "actor_token", flow.triageToken()).statusCode()).isEqualTo(200);
    var plain = flow.code(READING);
    assertThat(flow.error(flow.redeem(plain, "actor_token", flow.triageToken())))
        .isEqualTo("invalid_request");
  }

  @Test
  void anAgentThatWasStoppedIsGrantedAnewWithoutAnotherSignIn() {
    company.step("agents", "triage", "suspend");
    company.step("agents", "triage", "resume");
    var tokens =
        flow.redeem(
            flow.code(READING, "requested_actor", "<triage>"), "actor_token", flow.triageToken());
    assertThat(flow.isActive(flow.member(tokens, "access_token"))).isTrue();
  }

  @Test
  void aCodeIsGoodOnceAndASecondUseEndsWhatCameOfIt() {
    var code = flow.code(READING);
    var tokens = flow.redeem(code);
    var token = flow.member(tokens, "access_token");
    assertThat(flow.isActive(token)).isTrue();
    assertThat(flow.error(flow.redeem(code))).isEqualTo("invalid_grant");
    assertThat(flow.isActive(token)).isFalse();
    assertThat(flow.error(flow.refresh(flow.member(tokens, "refresh_token"))))
        .isEqualTo("invalid_grant");
  }

  @Test
  void ofManyAtOnceOneGetsTheTokenAtMost() throws Exception {
    var code = flow.code(READING);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Integer> redeem = () -> flow.redeem(code).statusCode();
      var all = threads.invokeAll(List.of(redeem, redeem, redeem, redeem, redeem, redeem));
      long good = 0;
      for (var one : all) {
        good += one.get() == 200 ? 1 : 0;
      }
      assertThat(good).isLessThanOrEqualTo(1);
    }
    assertThat(flow.error(flow.redeem(code))).isEqualTo("invalid_grant");
  }

  @Test
  void aCodeIsBoundToItsClientItsAddressAndItsVerifier() {
    var code = flow.code(READING);
    assertThat(flow.error(flow.redeem(code, "redirect_uri", "https://console.example/other")))
        .isEqualTo("invalid_grant");
    assertThat(flow.error(flow.redeem(code, "code_verifier", "x".repeat(43))))
        .isEqualTo("invalid_grant");
    assertThat(flow.error(flow.redeem(code, "code_verifier", ""))).isEqualTo("invalid_grant");
    assertThat(flow.error(flow.redeem(code, "resource", Company.ARCHIVE)))
        .isEqualTo("invalid_target");
    var other =
        company.server.form(
            "/oauth2/token",
            company.id("triage"),
            company.secret("triage"),
            "grant_type=authorization_code&code=" + code + "&code_verifier=" + CodeFlow.VERIFIER);
    assertThat(flow.error(other)).isEqualTo("invalid_grant");
    assertThat(flow.redeem(code, "redirect_uri", CodeFlow.CALLBACK).statusCode()).isEqualTo(200);
  }

  @Test
  void aCodeLastsAMinute() {
    var code = flow.code(READING);
    clock.pass(Duration.ofSeconds(61), company.server);
    assertThat(flow.error(flow.redeem(code))).isEqualTo("invalid_grant");
  }

  @Test
  void nothingIsSentToAnAddressThatIsNotRegistered() {
    for (var uri :
        List.of(
            "https://evil.example/cb",
            "https://console.example/cb/../x",
            "https://console.example/cb?x=1",
            "https://console.example.evil.example/cb",
            "https://console.example@evil.example/cb",
            "http://console.example/cb")) {
      var answer = flow.authorize("redirect_uri", uri);
      assertThat(answer.statusCode()).as(uri).isEqualTo(400);
      assertThat(CodeFlow.location(answer)).isEmpty();
      assertThat(answer.body()).doesNotContain("evil");
    }
    assertThat(flow.authorize("client_id", "cli_00000000000000000000000000").statusCode())
        .isEqualTo(400);
  }

  @Test
  void whatIsWrongGoesToTheApplicationWithStateAndIssuer() {
    for (var wrong :
        Map.of(
                "code_challenge", "invalid_request",
                "code_challenge_method", "invalid_request")
            .entrySet()) {
      var answer = answer(flow.authorize(wrong.getKey(), ""));
      assertThat(answer).containsEntry("error", wrong.getValue());
      assertThat(answer).containsEntry("state", "af0ifjsldkj");
      assertThat(answer).containsEntry("iss", company.server.issuer());
    }
    assertThat(answer(flow.authorize("code_challenge_method", "plain")))
        .containsEntry("error", "invalid_request");
    assertThat(answer(flow.authorize("response_type", "token")))
        .containsEntry("error", "unsupported_response_type");
    assertThat(answer(flow.authorize("scope", "tickets.burn")))
        .containsEntry("error", "invalid_scope");
    assertThat(answer(flow.authorize("resource", "https://nowhere.example")))
        .containsEntry("error", "invalid_target");
    assertThat(answer(flow.authorize("request", "e30.e30.")))
        .containsEntry("error", "request_not_supported");
    assertThat(answer(flow.authorize("requested_actor", "agt_00000000000000000000000000")))
        .containsEntry("error", "invalid_request");
    assertThat(answer(flow.authorize("requested_actor", erin.id)))
        .containsEntry("error", "invalid_request");
    assertThat(answer(flow.authorize("prompt", "none"))).containsEntry("error", "consent_required");
    assertThat(answer(flow.authorize("prompt", "none login")))
        .containsEntry("error", "invalid_request");
    assertThat(answer(flow.decide(flow.authorize(), "deny", BOTH)))
        .containsEntry("error", "access_denied");
  }

  @Test
  void aPersonCannotAllowMoreThanWasAskedForAndNobodyElseCanForThem() {
    var asked = flow.authorize("scope", "tickets.read");
    assertThat(flow.decide(asked, "allow", BOTH).statusCode()).isEqualTo(400);
    assertThat(flow.decide(asked, "allow", List.of()).statusCode()).isEqualTo(400);
    var stranger = new Browser(company.server.uri("").getPort());
    var other = new CodeFlow(company, stranger);
    assertThat(CodeFlow.location(other.authorize())).startsWith("/login?return_to=");
    assertThat(CodeFlow.location(stranger.open(CodeFlow.location(asked))))
        .startsWith("/login?return_to=");
    var forged = stranger.post("/consent", "request=x&decision=allow&scope=tickets.read");
    assertThat(forged.statusCode()).isEqualTo(403);
  }

  @Test
  void somebodyWhoIsNotSignedInComesBackToWhatTheyWereAsked() {
    erin.browser.cookies.clear();
    var login = CodeFlow.location(flow.authorize("scope", "tickets.read"));
    assertThat(login).startsWith("/login?return_to=%2Foauth2%2Fauthorize");
    clock.pass(Duration.ofMinutes(1), company.server);
    erin.signIn(world.now());
    var path =
        java.net.URLDecoder.decode(login.substring(login.indexOf('=') + 1), StandardCharsets.UTF_8);
    var asked = erin.browser.open(path);
    assertThat(answer(flow.decide(asked, "allow", READING))).containsKey("code");
    assertThat(erin.browser.open(path).statusCode())
        .as("a request is answered once")
        .isEqualTo(400);
  }

  @Test
  void anApplicationMayAskForAFreshSignIn() {
    flow.code(READING);
    assertThat(CodeFlow.location(flow.authorize("prompt", "login"))).startsWith("/login");
    assertThat(CodeFlow.location(flow.authorize("prompt", "select_account"))).startsWith("/login");
    clock.pass(Duration.ofMinutes(2), company.server);
    assertThat(CodeFlow.location(flow.authorize("max_age", "60"))).startsWith("/login");
    assertThat(answer(flow.authorize("max_age", "6000"))).containsKey("code");
    assertThat(answer(flow.authorize("max_age", "60", "prompt", "none")))
        .containsEntry("error", "login_required");
  }

  @Test
  void whoMayUseAnApplicationIsForThePoliciesToSay() {
    var policies = Publisher.of(company.server);
    policies.publish(
        """
        @id("console.only-for-others")
        forbid (
          principal == Prokura::User::"%s",
          action == Prokura::Action::"obtain_token",
          resource
        ) when { context.client == "%s" };
        """
            .formatted(erin.id, company.id("console")));
    assertThat(answer(flow.authorize())).containsEntry("error", "access_denied");
    assertThat(answer(flow.authorize("requested_actor", "<triage>")))
        .containsEntry("error", "access_denied");
    policies.publish(Publisher.open("console.for-all"));
    assertThat(CodeFlow.location(flow.authorize())).startsWith("/consent");
  }

  @Test
  void aCodeBoundToAKeyIsRedeemedWithThatKeyAlone() {
    var prover = new Prover(Instant.now());
    var code = flow.code(READING, "dpop_jkt", prover.jkt());
    assertThat(flow.error(flow.redeem(code))).isEqualTo("invalid_grant");
  }

  @Test
  void aPushedRequestIsItsClientsAndGoodOnce() {
    var form = Browser.encoded(flow.request("scope", "tickets.read"));
    var pushed =
        company.server.form("/oauth2/par", company.id("console"), company.secret("console"), form);
    assertThat(pushed.statusCode()).isEqualTo(201);
    var uri = company.server.object(pushed.body()).text("request_uri").orElseThrow();
    var other = erin.browser.open("/oauth2/authorize?client_id=x&request_uri=" + uri);
    assertThat(other.statusCode()).isEqualTo(400);
    var path =
        "/oauth2/authorize?client_id="
            + company.id("console")
            + "&request_uri="
            + uri
            + "&redirect_uri=https://evil.example&scope=tickets.close";
    assertThat(answer(flow.decide(erin.browser.open(path), "allow", READING))).containsKey("code");
    assertThat(erin.browser.open(path).statusCode()).isEqualTo(400);
    var foreign =
        erin.browser.open("/oauth2/authorize?client_id=x&request_uri=https://evil.example");
    assertThat(foreign.statusCode()).isEqualTo(400);
  }
}
