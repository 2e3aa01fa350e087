package io.prokura.app;

import static io.prokura.app.CodeFlow.answer;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.jose.Algorithm;
import io.prokura.jose.Crypto;
import io.prokura.jose.SigningKey;
import io.prokura.sql.TestDatabases;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What applications may ask for otherwise than usual, and how that is abused.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CodeFlowOptionsTest {
  private static final List<String> READING = List.of("tickets.read");

  private Company company;
  private Person erin;
  private CodeFlow flow;

  @BeforeAll
  void found() {
    company = Company.found(TestDatabases.sqlite());
    erin = Person.permitted(company);
    flow = new CodeFlow(company, erin.browser);
  }

  @AfterAll
  void close() {
    company.close();
  }

  private String idToken() {
    var scopes = List.of("tickets.read");
    return flow.member(flow.redeem(flow.code(scopes, "scope", "openid tickets.read")), "id_token");
  }

  @Test
  void anAnswerIsPostedByTheBrowserWhereThatIsAskedFor() {
    var asked = flow.authorize("response_mode", "form_post", "state", "a\"><script>b");
    var page = flow.decide(asked, "allow", READING).body();
    assertThat(page)
        .contains("action=\"" + CodeFlow.CALLBACK + "\"", "name=\"code\"", "name=\"iss\"")
        .contains("method=\"post\"", "value=\"a&quot;&gt;&lt;script&gt;b\"")
        .doesNotContain("?code=");
    var silent = flow.authorize("response_mode", "form_post", "prompt", "none", "scope", "openid");
    assertThat(silent.body()).contains("name=\"error\"", "value=\"consent_required\"");
    var policy = silent.headers().firstValue("Content-Security-Policy").orElse("");
    assertThat(policy).contains("script-src 'sha256-").doesNotContain("unsafe");
    assertThat(answer(flow.authorize("response_mode", "fragment")))
        .containsEntry("error", "invalid_request");
  }

  @Test
  void aHintSaysWhoIsMeantAndNobodyElseIsTaken() {
    var hint = idToken();
    var same = flow.authorize("scope", "openid tickets.read", "id_token_hint", hint);
    assertThat(same.statusCode()).isEqualTo(303);
    var silent = flow.authorize("id_token_hint", hint, "prompt", "none", "scope", "openid");
    assertThat(answer(silent)).doesNotContainEntry("error", "login_required");
    int last = hint.lastIndexOf('.');
    for (var other : List.of("x", hint.substring(0, last) + ".AAAA", hint.substring(0, last))) {
      var asked = flow.authorize("id_token_hint", other, "prompt", "none");
      assertThat(answer(asked)).as(other).containsEntry("error", "login_required");
    }
  }

  @Test
  void withoutAChallengeOnlyWhereThatIsRegistered() {
    company.make(
        "old",
        "clients",
        "{'name': 'old', 'everything': true, 'resource': '<crm>', 'pkceOptional': true,"
            + " 'redirectUris': ['https://console.example/cb']}");
    company.secret("old", "clients");
    var bare =
        new String[] {
          "client_id",
          "<old>",
          "code_challenge",
          "",
          "code_challenge_method",
          "",
          "prompt",
          "consent"
        };
    assertThat(CodeFlow.location(flow.authorize(bare))).startsWith("/consent");
    var code = answer(flow.decide(flow.authorize(bare), "allow", READING)).get("code");
    var bareForm = "grant_type=authorization_code&code=" + code;
    assertThat(company.ask("old", bareForm).body())
        .as("nothing says that the code is its own")
        .contains("\"error\":\"invalid_grant\"");
    var form = bareForm + "&redirect_uri=" + CodeFlow.CALLBACK;
    var verified = form + "&code_verifier=" + CodeFlow.VERIFIER;
    assertThat(company.ask("old", verified).body()).contains("invalid_grant");
    assertThat(company.ask("old", form).statusCode()).isEqualTo(200);
    assertThat(answer(flow.authorize("code_challenge", "", "code_challenge_method", "")))
        .containsEntry("error", "invalid_request");
    // One that sends a challenge after all has to answer it.
    var asked = flow.authorize("client_id", "<old>", "prompt", "consent");
    var challenged = answer(flow.decide(asked, "allow", READING)).get("code");
    var unanswered = form.replace(String.valueOf(code), String.valueOf(challenged));
    assertThat(company.ask("old", unanswered).body()).contains("invalid_grant");
  }

  @Test
  void whatIsNotKnownOrOnlyForShowChangesNothing() {
    var asked =
        flow.authorize(
            "display",
            "popup",
            "ui_locales",
            "se",
            "claims_locales",
            "se",
            "login_hint",
            "erin@example.org",
            "extra",
            "foobar",
            "scope",
            "tickets.read openid");
    assertThat(CodeFlow.location(asked)).startsWith("/consent");
  }

  @Test
  void anAgentActsThroughAnApplicationByItsSignedAssertion() {
    var world = TestServer.systemWorld();
    var key = SigningKey.generate(Crypto.fastest(), world, Algorithm.ES256);
    var jwk = key.verificationKey().toJwk().toText().replace('"', '\'');
    company.make(
        "triage-key", "agents/<triage>/credentials", "{'kind': 'key', 'jwk': " + jwk + "}");
    company.permit("triage", "crm", "['tickets.read']", "onBehalf");
    var triage = new Party(company.server, company.id("triage"), "", key);
    var lookup = new Party(company.server, company.id("lookup"), "", key);
    var type = "urn:ietf:params:oauth:token-type:jwt";
    for (var forged : List.of(lookup.assertion(world), "x")) {
      var code = flow.code(READING, "requested_actor", "<triage>", "prompt", "consent");
      var answer = flow.redeem(code, "actor_token", forged, "actor_token_type", type);
      assertThat(answer.statusCode()).isGreaterThanOrEqualTo(400);
    }
    var assertion = triage.assertion(world);
    var code = flow.code(READING, "requested_actor", "<triage>", "prompt", "consent");
    var tokens = flow.redeem(code, "actor_token", assertion, "actor_token_type", type);
    assertThat(tokens.statusCode()).as(tokens.body()).isEqualTo(200);
    var again = flow.code(READING, "requested_actor", "<triage>", "prompt", "consent");
    var replayed = flow.redeem(again, "actor_token", assertion, "actor_token_type", type);
    assertThat(replayed.statusCode()).isGreaterThanOrEqualTo(400);
  }

  @Test
  void whatIsKnownOfAPersonIsToldToATokenInAFormToo() {
    var code = flow.code(List.of("openid"), "scope", "openid", "resource", "", "prompt", "consent");
    var token = flow.member(flow.redeem(code), "access_token");
    assertThat(userinfo("access_token=" + encoded(token), "").body()).contains(erin.id);
    assertThat(userinfo("access_token=" + encoded(token), token).statusCode()).isEqualTo(400);
    assertThat(userinfo("access_token=x", "").statusCode()).isEqualTo(401);
    assertThat(userinfo("access_token=x&access_token=" + encoded(token), "").statusCode())
        .isEqualTo(401);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  private HttpResponse<String> userinfo(String form, String bearer) {
    var request =
        HttpRequest.newBuilder(company.server.uri("/oauth2/userinfo"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form));
    return company.server.send(
        bearer.isEmpty() ? request : request.header("Authorization", "Bearer " + bearer));
  }
}
