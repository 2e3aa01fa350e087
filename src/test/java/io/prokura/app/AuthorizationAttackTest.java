package io.prokura.app;

import static io.prokura.app.CodeFlow.answer;
import static io.prokura.app.CodeFlow.location;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.jose.Algorithm;
import io.prokura.jose.Crypto;
import io.prokura.jose.SigningKey;
import io.prokura.json.Json;
import io.prokura.kernel.Refusal;
import io.prokura.sql.TestDatabases;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The attacks of RFC 9700 §4 on the flow by which Erin lets the console act, or the agent triage
/// through it: what each gets, that nothing is issued, and that it is on record.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AuthorizationAttackTest {
  private static final List<String> READING = List.of("tickets.read");
  private static final String[] ACTOR = {"requested_actor", "<triage>", "prompt", "consent"};
  private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

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

  // What is on record

  private Json.Obj newest(String filter) {
    var entries = company.server.get("/api/v1/audit?limit=1" + filter, company.token);
    var items = (Json.Arr) company.server.object(entries.body()).get("items").orElseThrow();
    return ((Json.Obj) items.items().getFirst()).object("leaf").orElseThrow();
  }

  /// That the last thing which happened at all is that `who` was refused for `reason`. What is
  /// counted of nobody in particular is recorded some time later, and happened before.
  private void isOnRecord(String who, Refusal reason) {
    var entries = company.server.get("/api/v1/audit?limit=20", company.token);
    var items = (Json.Arr) company.server.object(entries.body()).get("items").orElseThrow();
    var leaf =
        items.items().stream()
            .map(item -> ((Json.Obj) item).object("leaf").orElseThrow())
            .filter(one -> !one.text("type").equals(Optional.of("requests.refused")))
            .findFirst()
            .orElseThrow();
    assertThat(leaf.text("type")).as(leaf.toText()).hasValue("request.refused");
    assertThat(newest("&about=" + company.id(who))).isEqualTo(leaf);
    assertThat(leaf.object("facts").flatMap(facts -> facts.text("reason"))).hasValue(reason.slug());
  }

  /// That requests of nobody in particular were refused for `reason`.
  private void isCounted(String route, Refusal reason) {
    Eventually.holds(
        "an entry about " + reason.slug(),
        () -> {
          var entries =
              company.server.get("/api/v1/audit?limit=200&about=" + reason.slug(), company.token);
          return entries.body().contains("\"route\":\"" + route + "\"");
        });
  }

  private void refused(Refusal reason, HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(reason.status());
    assertThat(flow.error(response)).as(response.body()).isEqualTo(reason.error());
    assertThat(response.body()).doesNotContain("_token\":");
    isOnRecord("console", reason);
  }

  private boolean isActive(String token) {
    var form = "token=" + token;
    var told =
        company.server.form(
            "/oauth2/introspect", company.id("crm-server"), company.secret("crm-server"), form);
    return told.body().contains("\"active\":true");
  }

  private String own(String agent, String resource) {
    var form = "grant_type=client_credentials&purpose=support&resource=" + resource;
    return company.granted(agent, form);
  }

  private String code(String... more) {
    var all = new java.util.ArrayList<>(List.of(more));
    if (!all.contains("prompt")) {
      all.addAll(List.of("prompt", "consent"));
    }
    return flow.code(READING, all.toArray(String[]::new));
  }

  @Test
  void anOpenRedirect() {
    for (var uri : List.of("https://evil.example/cb", CodeFlow.CALLBACK + "/../evil", "/evil")) {
      for (var wrong : List.of("response_type", "scope")) {
        var sent = flow.authorize("redirect_uri", uri, wrong, "nonsense");
        assertThat(sent.statusCode()).as(uri).isEqualTo(400);
        assertThat(location(sent)).isEmpty();
        assertThat(sent.body()).doesNotContain("evil");
        isOnRecord("erin", Refusal.REDIRECT_URI_INVALID);
      }
    }
  }

  @Test
  void aMixUp() {
    var issuer = company.server.issuer();
    assertThat(answer(flow.authorize("scope", "tickets.burn"))).containsEntry("iss", issuer);
    isOnRecord("erin", Refusal.SCOPE_UNKNOWN);
    var posted = flow.authorize("response_mode", "form_post", "scope", "tickets.burn");
    assertThat(posted.body()).contains("name=\"iss\" value=\"" + issuer + "\"");
    assertThat(answer(flow.decide(flow.authorize("prompt", "consent"), "deny", READING)))
        .containsEntry("iss", issuer)
        .containsEntry("error", "access_denied");
    isOnRecord("erin", Refusal.CONSENT_DENIED);
  }

  /// The thief of a code has it redeemed in a flow of their own, by an application that keeps the
  /// verifier of that.
  @Test
  void aCodeInjection() {
    var code = code();
    refused(Refusal.CODE_INVALID, flow.redeem(code, "code_verifier", "t".repeat(43)));
    var form = "grant_type=authorization_code&code_verifier=" + CodeFlow.VERIFIER + "&code=" + code;
    var foreign = company.ask("triage", form);
    assertThat(flow.error(foreign)).isEqualTo("invalid_grant");
    isOnRecord("triage", Refusal.CODE_INVALID);
    assertThat(flow.member(flow.redeem(code), "access_token")).as("not used up").isNotEmpty();
  }

  @Test
  void aPkceDowngrade() {
    var none = flow.authorize("code_challenge", "", "code_challenge_method", "");
    assertThat(answer(none)).containsEntry("error", "invalid_request").doesNotContainKey("code");
    isOnRecord("erin", Refusal.MALFORMED_REQUEST);
    for (var method : List.of("plain", "s256", "S512", "none")) {
      assertThat(answer(flow.authorize("code_challenge_method", method)))
          .as(method)
          .containsEntry("error", "invalid_request");
    }
    for (var challenge : List.of("short", "x".repeat(44), CodeFlow.CHALLENGE + "=")) {
      assertThat(answer(flow.authorize("code_challenge", challenge)))
          .as(challenge)
          .containsEntry("error", "invalid_request");
    }
    var code = code();
    refused(Refusal.CODE_INVALID, flow.redeem(code, "code_verifier", ""));
    refused(Refusal.CODE_INVALID, flow.redeem(code, "code_verifier", CodeFlow.CHALLENGE));
    refused(Refusal.CODE_INVALID, flow.redeem(code, "code_verifier", "v".repeat(42)));
    refused(Refusal.CODE_INVALID, flow.redeem(code, "code_verifier", "v".repeat(129)));
    refused(Refusal.CODE_INVALID, flow.redeem(code, "code_verifier", CodeFlow.VERIFIER + "\n"));
  }

  @Test
  void aCodeReplay() {
    var code = code();
    var tokens = flow.redeem(code);
    refused(Refusal.CODE_INVALID, flow.redeem(code));
    assertThat(isActive(flow.member(tokens, "access_token"))).isFalse();
    refused(Refusal.REFRESH_TOKEN_INVALID, flow.refresh(flow.member(tokens, "refresh_token")));
    var ended = company.server.get("/api/v1/audit?limit=20", company.token).body();
    assertThat(ended).contains("\"type\":\"grant.ended\"");
  }

  @Test
  void tokenSplicing() {
    var about = "openid tickets.read";
    var person = flow.redeem(code("scope", about));
    var delegated =
        company.granted(
            "triage",
            "grant_type=urn:ietf:params:oauth:grant-type:token-exchange"
                + "&subject_token=<delegation>"
                + "&subject_token_type=urn:prokura:params:oauth:token-type:delegation&resource="
                + Company.CRM);
    var handOver =
        company.granted(
            "triage",
            "grant_type=urn:ietf:params:oauth:grant-type:token-exchange&requested_actor=<lookup>"
                + "&requested_token_type=urn:prokura:params:oauth:token-type:hand-over"
                + ("&subject_token=" + delegated + "&subject_token_type=" + ACCESS_TOKEN));
    var world = TestServer.systemWorld();
    var key = SigningKey.generate(Crypto.fastest(), world, Algorithm.ES256);
    var forger = new Party(company.server, company.id("triage"), "", key);
    var good = own("triage", Company.ARCHIVE);
    var spliced = new LinkedHashMap<String, String>();
    spliced.put("an ID token", flow.member(person, "id_token"));
    spliced.put("the person's own token", flow.member(person, "access_token"));
    spliced.put("a refresh token", flow.member(person, "refresh_token"));
    spliced.put("a delegated token", delegated);
    spliced.put("a hand-over", handOver);
    spliced.put("another agent's token", own("lookup", Company.CRM));
    spliced.put("a workload's token", company.granted("crm-server", atDecisions()));
    spliced.put("an assertion by another key", forger.assertion(world));
    spliced.put("a token that was changed", good.substring(0, good.length() - 6) + "AAAAAA");
    spliced.put("no token", "x");
    var code = code(ACTOR);
    for (var one : spliced.entrySet()) {
      var answer = flow.redeem(code, "actor_token", one.getValue());
      assertThat(flow.error(answer)).as(one.getKey()).isEqualTo("invalid_grant");
      refused(Refusal.ACTOR_NOT_PROVEN, answer);
    }
    refused(Refusal.ACTOR_TOKEN_INVALID, flow.redeem(code));
    var tokens = flow.redeem(code, "actor_token", good);
    var refresh = flow.member(tokens, "refresh_token");
    for (var one : spliced.entrySet()) {
      var answer = flow.refresh(refresh, "actor_token", one.getValue());
      assertThat(flow.error(answer)).as(one.getKey()).isEqualTo("invalid_grant");
      refused(Refusal.ACTOR_NOT_PROVEN, answer);
    }
    refused(Refusal.ACTOR_TOKEN_INVALID, flow.redeem(code(), "actor_token", good));
  }

  private String atDecisions() {
    company.permit("crm-server", "decision-api", "['decide']", "own");
    return "grant_type=client_credentials&resource=" + company.server.issuer() + "/access/v1";
  }

  @Test
  void upscoping() {
    var asked = flow.authorize("scope", "tickets.read", "prompt", "consent");
    var more = flow.decide(asked, "allow", List.of("tickets.read", "tickets.close"));
    assertThat(more.statusCode()).isEqualTo(400);
    assertThat(more.body()).doesNotContain("code=");
    isOnRecord("erin", Refusal.FIELD_INVALID);
    var code = answer(flow.decide(asked, "allow", READING)).getOrDefault("code", "");
    var tokens = flow.redeem(code, "scope", "tickets.read tickets.close");
    assertThat(flow.member(tokens, "scope")).isEqualTo("tickets.read");
    var refresh = flow.member(tokens, "refresh_token");
    for (var scope : List.of("tickets.close", "tickets.read tickets.delete", "offline_access")) {
      refused(Refusal.SCOPE_NOT_PERMITTED, flow.refresh(refresh, "scope", scope));
    }
    refused(Refusal.RESOURCE_UNKNOWN, flow.refresh(refresh, "resource", Company.ARCHIVE));
    assertThat(answer(flow.authorize("scope", "tickets.delete")))
        .as("what the person may not do herself")
        .containsEntry("error", "invalid_scope");
  }

  @Test
  void aChainThatIsExtendedAfterItsRevocation() {
    var tokens = flow.redeem(code(ACTOR), "actor_token", own("triage", Company.ARCHIVE));
    var token = flow.member(tokens, "access_token");
    assertThat(isActive(token)).isTrue();
    erin.browser.open("/me");
    var withdraw = Pattern.compile("action=\"(/me/consents/[^\"]+)\"").matcher(erin.browser.page());
    while (withdraw.find()) {
      erin.browser.open("/me");
      erin.browser.submit(withdraw.group(1), Map.of());
    }
    assertThat(isActive(token)).isFalse();
    var handed =
        company.ask(
            "triage",
            "grant_type=urn:ietf:params:oauth:grant-type:token-exchange&requested_actor=<lookup>"
                + "&requested_token_type=urn:prokura:params:oauth:token-type:hand-over"
                + ("&subject_token=" + token + "&subject_token_type=" + ACCESS_TOKEN));
    assertThat(flow.error(handed)).isEqualTo("invalid_request");
    isOnRecord("triage", Refusal.SUBJECT_TOKEN_INVALID);
    var downstream =
        company.ask(
            "crm-server",
            "grant_type=urn:ietf:params:oauth:grant-type:token-exchange&resource="
                + Company.ARCHIVE
                + ("&subject_token=" + token + "&subject_token_type=" + ACCESS_TOKEN));
    assertThat(flow.error(downstream)).isEqualTo("invalid_request");
    isOnRecord("crm-server", Refusal.SUBJECT_TOKEN_INVALID);
  }

  @Test
  void aRevokedRefreshTokenTakesTheAccessTokensAlong() {
    var tokens = flow.redeem(code());
    var form = "token=" + flow.member(tokens, "refresh_token");
    company.server.form("/oauth2/revoke", company.id("triage"), company.secret("triage"), form);
    assertThat(isActive(flow.member(tokens, "access_token"))).as("somebody else's").isTrue();
    company.server.form("/oauth2/revoke", company.id("console"), company.secret("console"), form);
    assertThat(isActive(flow.member(tokens, "access_token"))).isFalse();
  }

  @Test
  void anActorThatMayNotAct() {
    company.agent("idle", "['<work>']");
    company.step("agents", "idle", "suspend");
    company.agent("gone", "['<work>']");
    company.step("agents", "gone", "kill");
    var nobodys = "agt_00000000000000000000000000";
    for (var actor : List.of("<idle>", "<gone>", nobodys, "<erin>", "<crm-server>", "<console>")) {
      var sent = answer(flow.authorize("requested_actor", actor, "purpose", "support"));
      assertThat(sent)
          .as(actor)
          .containsEntry("error", "invalid_request")
          .containsEntry("iss", company.server.issuer())
          .doesNotContainKey("code");
      isOnRecord("erin", Refusal.MALFORMED_REQUEST);
    }
  }

  @Test
  void aGrantThatIsNone() {
    for (var type :
        List.of("password", "implicit", "urn:ietf:params:oauth:grant-type:saml2-bearer")) {
      var form = "grant_type=" + type + "&username=erin&password=x";
      refused(Refusal.GRANT_UNSUPPORTED, company.ask("console", form));
    }
    for (var type : List.of("token", "id_token", "code token", "code id_token", "none")) {
      assertThat(answer(flow.authorize("response_type", type)))
          .as(type)
          .containsEntry("error", "unsupported_response_type")
          .doesNotContainKeys("code", "access_token", "id_token");
      isOnRecord("erin", Refusal.RESPONSE_TYPE_UNSUPPORTED);
    }
  }

  @Test
  void clickjacking() {
    var asked = flow.authorize("prompt", "consent");
    for (var path : List.of(location(asked), "/device", "/me")) {
      var headers = erin.browser.open(path).headers();
      assertThat(headers.firstValue("Content-Security-Policy").orElse(""))
          .as(path)
          .contains("frame-ancestors 'none'", "form-action 'self'");
      assertThat(headers.firstValue("X-Frame-Options")).hasValue("DENY");
    }
  }

  private static final List<String> ENDPOINTS =
      List.of(
          "/oauth2/token",
          "/oauth2/par",
          "/oauth2/bc-authorize",
          "/oauth2/device_authorization",
          "/oauth2/introspect",
          "/oauth2/revoke");

  private Map<String, String> repeated() {
    return flow.request("scope", "tickets.read", "nonce", "n", "prompt", "consent");
  }

  @Test
  void duplicateParameters() {
    for (var name : repeated().keySet()) {
      var request = repeated();
      var twice = Browser.encoded(request) + "&" + name + "=" + request.get(name);
      var sent = erin.browser.open("/oauth2/authorize?" + twice);
      if (name.equals("resource")) {
        assertThat(location(sent)).as("the same resource again").startsWith("/consent");
        continue;
      }
      assertThat(sent.statusCode()).as(name).isEqualTo(400);
      assertThat(location(sent)).as("nobody knows which of the two is meant").isEmpty();
      isOnRecord("erin", Refusal.DUPLICATE_PARAMETER);
    }
    for (var endpoint : ENDPOINTS) {
      var form = "token=x&grant_type=authorization_code&code=x&scope=tickets.read&login_hint=erin";
      for (var again : List.of("&scope=tickets.close", "&client_id=x&client_id=y", "&token=y")) {
        var sent =
            company.server.form(
                endpoint, company.id("console"), company.secret("console"), form + again);
        assertThat(sent.statusCode()).as(endpoint + again).isEqualTo(400);
        assertThat(flow.error(sent)).as(endpoint + again).isEqualTo("invalid_request");
      }
      var route = endpoint.substring(endpoint.lastIndexOf('/') + 1);
      isCounted(routeOf(route), Refusal.DUPLICATE_PARAMETER);
    }
  }

  private static String routeOf(String last) {
    return switch (last) {
      case "bc-authorize" -> "backchannel";
      case "device_authorization" -> "device";
      default -> last;
    };
  }

  @Test
  void hugeParameters() {
    for (var name : List.of("state", "nonce", "scope", "claims", "prompt", "max_age", "dpop_jkt")) {
      var sent = answer(flow.authorize(name, "9".repeat(6_000)));
      assertThat(sent.get("error")).as(name).isIn("invalid_request", "invalid_scope");
      assertThat(sent).doesNotContainKey("code");
    }
    assertThat(answer(flow.authorize("resource", "https://x.example/" + "9".repeat(6_000))))
        .containsEntry("error", "invalid_target");
    isOnRecord("erin", Refusal.RESOURCE_UNKNOWN);
    assertThat(answer(flow.authorize("request_uri", "https://x.example/" + "9".repeat(6_000))))
        .containsEntry("error", "request_uri_not_supported");
    for (var name : List.of("client_id", "redirect_uri")) {
      var sent = flow.authorize(name, "https://x.example/" + "9".repeat(6_000));
      assertThat(sent.statusCode()).as(name).isEqualTo(400);
      assertThat(location(sent)).as(name).isEmpty();
    }
    for (var name : List.of("code", "code_verifier", "redirect_uri")) {
      refused(Refusal.CODE_INVALID, flow.redeem("x", name, "9".repeat(30_000)));
    }
    refused(Refusal.REFRESH_TOKEN_INVALID, flow.refresh("9".repeat(30_000)));
    for (var endpoint : ENDPOINTS) {
      var sent =
          company.server.form(
              endpoint,
              company.id("console"),
              company.secret("console"),
              "token=x&scope=" + "9".repeat(70_000));
      assertThat(sent.statusCode()).as(endpoint).isEqualTo(413);
      assertThat(flow.error(sent)).isEqualTo("invalid_request");
    }
  }

  @Test
  void hostHeaderPoisoning() {
    var browser = erin.browser;
    browser.headers.put("X-Forwarded-Host", "evil.example");
    browser.headers.put("X-Forwarded-Proto", "http");
    browser.headers.put("Forwarded", "host=evil.example;proto=http");
    try {
      var asked = flow.authorize("prompt", "consent");
      assertThat(location(asked)).startsWith("/consent");
      var answered = answer(flow.decide(asked, "allow", READING));
      assertThat(answered).containsEntry("iss", company.server.issuer());
      var stranger = new Browser(company.server.uri("").getPort());
      stranger.headers.putAll(browser.headers);
      var login = stranger.open("/oauth2/authorize?" + Browser.encoded(flow.request()));
      assertThat(location(login)).startsWith("/login?").doesNotContain("evil");
      for (var path : List.of("/login", "/me", "/device", "/oauth2/logout")) {
        assertThat(browser.open(path).body()).as(path).doesNotContain("evil.example");
      }
    } finally {
      browser.headers.clear();
    }
  }

  /// A token in an address stands in logs and histories (RFC 9700 §4.3.2): it counts for nothing.
  @Test
  void aTokenInTheAddress() {
    var tokens = flow.redeem(flow.code(List.of("openid"), "scope", "openid", "resource", ""));
    var token = URLEncoder.encode(flow.member(tokens, "access_token"), UTF_8);
    var nobody = new Browser(company.server.uri("").getPort());
    for (var path : List.of("/oauth2/userinfo", "/api/v1/users", "/api/v1/audit")) {
      for (var value : List.of(token, URLEncoder.encode(company.token, UTF_8))) {
        var sent = nobody.open(path + "?access_token=" + value);
        assertThat(sent.statusCode()).as(path).isEqualTo(401);
      }
    }
    isCounted("userinfo", Refusal.TOKEN_INVALID);
  }
}
