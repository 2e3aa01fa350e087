package io.prokura.app;

import static io.prokura.app.CodeFlow.answer;
import static io.prokura.app.CodeFlow.location;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.jose.Algorithm;
import io.prokura.jose.Crypto;
import io.prokura.jose.ExpectedType;
import io.prokura.jose.JwkSet;
import io.prokura.jose.JwtReader;
import io.prokura.jose.JwtWriter;
import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.World;
import io.prokura.sql.TestDatabases;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What applications are told of who Erin is: signed as they want it, under the name that they may
/// know her by, and of which sign-in.
final class IdTokenTest {
  private static final String CALLBACK = "https://console.example/cb";

  private final MovedClock clock = new MovedClock();
  private final World world = clock.world;
  private final Path folder = TestDatabases.folder();
  private Company company;
  private Person erin;
  private CodeFlow flow;

  @BeforeEach
  void found() {
    company = Company.found(() -> TestDatabases.sqlite(folder), world);
    erin = Person.of(company);
    company.permit("erin", "crm", "['tickets.read', 'tickets.close']", "own");
    flow = new CodeFlow(company, erin.browser);
  }

  @AfterEach
  void close() {
    company.close();
  }

  private void pass(Duration time) {
    clock.pass(time, company.server);
  }

  private static String application(String name, String more) {
    return "{'name': '%s', 'everything': true, 'consent': 'implied', 'redirectUris': ['%s']%s}"
        .formatted(name, CALLBACK, more);
  }

  private Json.Obj console(String more) {
    return company.replace("console", "clients", application("console", more));
  }

  private void make(String name, String... more) {
    company.make(name, "clients", application(name, String.join("", more)));
    company.secret(name, "clients");
  }

  /// What an application gets by a code for who somebody is.
  private Json.Obj tokens(String name, String... more) {
    var all = new ArrayList<>(List.of("client_id", "<" + name + ">"));
    all.addAll(List.of("scope", "openid profile", "resource", ""));
    all.addAll(List.of(more));
    var code = answer(flow.authorize(all.toArray(String[]::new))).getOrDefault("code", "");
    return redeemed(name, code);
  }

  private Json.Obj redeemed(String name, String code) {
    var form =
        Map.of(
            "grant_type", "authorization_code", "code", code, "code_verifier", CodeFlow.VERIFIER);
    return ask(name, form);
  }

  private Json.Obj ask(String name, Map<String, String> form) {
    var answer =
        company.server.form(
            "/oauth2/token", company.id(name), company.secret(name), Browser.encoded(form));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return company.server.object(answer.body());
  }

  private static String idToken(Json.Obj tokens) {
    return tokens.text("id_token").orElseThrow();
  }

  private static String accessToken(Json.Obj tokens) {
    return tokens.text("access_token").orElseThrow();
  }

  private Json.Obj part(String jwt, int at) {
    var bytes = Base64.getUrlDecoder().decode(jwt.split("\\.", -1)[at]);
    return company.server.object(new String(bytes, UTF_8));
  }

  private String subject(String jwt) {
    return part(jwt, 1).text("sub").orElseThrow();
  }

  private HttpResponse<String> userinfo(String token) {
    return company.server.get("/oauth2/userinfo", token);
  }

  private JwkSet published() {
    var jwks = company.server.object(company.server.get("/oauth2/jwks", "").body());
    if (JwkSet.parse(Crypto.jdk(), jwks, Refusal.TOKEN_INVALID) instanceof Ok(var keys)) {
      return keys;
    }
    throw new AssertionError("no key set");
  }

  private void verifies(String idToken) {
    var reader = new JwtReader(new JsonReader(Limits.standard()));
    if (reader.read(idToken, Refusal.TOKEN_INVALID) instanceof Ok(var jwt)) {
      var key = published().find(jwt).orElseThrow();
      assertThat(jwt.verify(key, ExpectedType.of("JWT"), Refusal.TOKEN_INVALID))
          .isInstanceOf(Ok.class);
    }
  }

  @Test
  void anApplicationThatWantsRs256GetsItAndNobodyElseDoes() {
    make("portal");
    console("");
    assertThat(part(idToken(tokens("console")), 0).text("alg")).hasValue("ES256");
    assertThat(published().keys()).hasSize(1);
    assertThat(console(", 'idTokenSignedResponseAlg': 'RS256'").text("idTokenSignedResponseAlg"))
        .hasValue("RS256");
    var tokens = tokens("console");
    var header = part(idToken(tokens), 0);
    assertThat(header.text("alg")).hasValue("RS256");
    assertThat(part(accessToken(tokens), 0).text("alg")).hasValue("ES256");
    assertThat(published().keys()).hasSize(2);
    verifies(idToken(tokens));
    verifies(idToken(tokens("portal")));
    assertThat(part(idToken(tokens("portal")), 0).text("alg")).hasValue("ES256");
    assertThat(userinfo(accessToken(tokens)).statusCode()).isEqualTo(200);
    company.server.restart();
    assertThat(published().keys()).hasSize(2);
    var refreshed =
        ask(
            "console",
            Map.of(
                "grant_type",
                "refresh_token",
                "refresh_token",
                tokens.text("refresh_token").orElseThrow()));
    assertThat(part(idToken(refreshed), 0)).isEqualTo(header);
    var hint = Browser.encoded(Map.of("id_token_hint", idToken(tokens)));
    var browser = new Browser(company.server.uri("").getPort());
    browser.cookies.putAll(erin.browser.cookies);
    assertThat(location(browser.open("/oauth2/logout?" + hint))).isEqualTo("/logout");
    assertThat(browser.open("/me").statusCode()).isEqualTo(303);
  }

  @Test
  void keysOfBothKindsFollowEachOther() {
    console(", 'idTokenSignedResponseAlg': 'RS256'");
    var first = part(idToken(tokens("console")), 0).text("kid");
    company.server.done(
        "/api/v1/keys/rotate", company.server.operatorToken(), Json.object().build());
    assertThat(published().keys()).hasSize(4);
    assertThat(part(idToken(tokens("console")), 0).text("kid")).isEqualTo(first);
    pass(Duration.ofMinutes(61));
    erin.signIn(world.now());
    var next = tokens("console");
    assertThat(part(idToken(next), 0).text("kid")).isNotEqualTo(first);
    assertThat(part(idToken(next), 0).text("alg")).hasValue("RS256");
    assertThat(part(accessToken(next), 0).text("alg")).hasValue("ES256");
    verifies(idToken(next));
    pass(Duration.ofHours(14));
    Eventually.holds("the old keys are gone", () -> published().keys().size() == 2);
  }

  @Test
  void noAccessTokenIsTakenThatTheKeyOfIdTokensSigned() {
    console(", 'idTokenSignedResponseAlg': 'RS256'");
    var tokens = tokens("console");
    var token = accessToken(tokens);
    var claims = part(token, 1);
    var rs256 = company.server.stolenKey(Algorithm.RS256);
    assertThat(userinfo(JwtWriter.mint(company.server.stolenKey(), "at+jwt", claims)).statusCode())
        .as("the same by the right key")
        .isEqualTo(200);
    assertThat(userinfo(JwtWriter.mint(rs256, "at+jwt", claims)).statusCode()).isEqualTo(401);
    var parts = token.split("\\.", -1);
    for (var alg : List.of("RS256", "PS256", "HS256", "none")) {
      var header = new LinkedHashMap<>(part(token, 0).members());
      header.put("alg", Json.text(alg));
      var forged =
          Base64.getUrlEncoder()
                  .withoutPadding()
                  .encodeToString(Json.object().putAll(header).build().bytes())
              + "."
              + parts[1]
              + "."
              + parts[2];
      assertThat(userinfo(forged).statusCode()).as(alg).isEqualTo(401);
    }
    assertThat(userinfo(idToken(tokens)).statusCode()).isEqualTo(401);
  }

  @Test
  void applicationsOfDifferentSectorsCannotTellThatTheyKnowTheSamePerson() throws IOException {
    console(", 'subjectType': 'pairwise'");
    make("portal", ", 'subjectType': 'pairwise', 'sectorIdentifier': 'portal.example'");
    make("sister", ", 'subjectType': 'pairwise', 'sectorIdentifier': 'console.example'");
    make("plain");
    var tokens = tokens("console");
    var name = subject(idToken(tokens));
    assertThat(name).hasSize(43).doesNotContain(erin.id);
    assertThat(flow.member(userinfo(accessToken(tokens)), "sub")).isEqualTo(name);
    assertThat(subject(idToken(tokens("portal")))).hasSize(43).isNotEqualTo(name);
    assertThat(subject(idToken(tokens("sister")))).isEqualTo(name);
    assertThat(subject(idToken(tokens("plain")))).isEqualTo(erin.id);
    var said = AdminSocketTest.said(company.folder.resolve("data"), "rotate-master-key\n");
    assertThat(said).contains("\"done\":true");
    company.server.restart();
    var refreshed =
        ask(
            "console",
            Map.of(
                "grant_type",
                "refresh_token",
                "refresh_token",
                tokens.text("refresh_token").orElseThrow()));
    assertThat(subject(idToken(refreshed))).isEqualTo(name);
  }

  @Test
  void aHintWithAPairwiseNameIsKnownAgain() {
    console(", 'subjectType': 'pairwise'");
    make("portal", ", 'subjectType': 'pairwise', 'sectorIdentifier': 'portal.example'");
    var hint = idToken(tokens("console"));
    assertThat(answer(flow.authorize("scope", "openid", "prompt", "none", "id_token_hint", hint)))
        .containsKey("code");
    var foreign = idToken(tokens("portal"));
    assertThat(
            answer(flow.authorize("scope", "openid", "prompt", "none", "id_token_hint", foreign)))
        .containsEntry("error", "login_required");
    var query = Browser.encoded(Map.of("id_token_hint", hint));
    assertThat(location(erin.browser.open("/oauth2/logout?" + query))).isEqualTo("/logout");
    assertThat(erin.browser.open("/me").statusCode()).isEqualTo(303);
  }

  @Test
  void aSectorIsOneHostThatEverybodyAgreesOn() {
    var made = console(", 'subjectType': 'pairwise'");
    assertThat(made.text("sectorIdentifier")).hasValue("console.example");
    assertThat(made.text("subjectType")).hasValue("pairwise");
    for (var wrong :
        List.of(
            "'redirectUris': ['https://a.example/cb', 'https://b.example/cb'],"
                + " 'subjectType': 'pairwise'",
            "'redirectUris': ['http://localhost/cb'], 'subjectType': 'pairwise'",
            "'redirectUris': [], 'subjectType': 'pairwise'",
            "'redirectUris': ['https://a.example/cb'], 'sectorIdentifier': 'a.example'",
            "'subjectType': 'pairwise', 'sectorIdentifier': 'https://a.example'",
            "'subjectType': 'pairwise', 'sectorIdentifier': 'a.example\\\\nusr'",
            "'subjectType': 'other'",
            "'idTokenSignedResponseAlg': 'RS256', 'profile': 'fapi2'",
            "'idTokenSignedResponseAlg': 'none'",
            "'idTokenSignedResponseAlg': 'HS256'")) {
      var body = company.json("{'name': 'x', 'everything': true, " + wrong + "}");
      var answer = company.server.post("/api/v1/clients", company.server.operatorToken(), body);
      assertThat(answer.statusCode()).as(wrong + answer.body()).isEqualTo(400);
    }
  }

  @Test
  void signingInAnewIsToldWithItsTime() {
    console("");
    var before = part(idToken(tokens("console")), 1);
    pass(Duration.ofMinutes(2));
    var again = part(idToken(tokens("console")), 1);
    assertThat(again.number("auth_time")).isEqualTo(before.number("auth_time"));
    var login = location(flow.authorize("scope", "openid", "resource", "", "prompt", "login"));
    assertThat(login).startsWith("/login?return_to=");
    var path = URLDecoder.decode(login.substring(login.indexOf('=') + 1), UTF_8);
    assertThat(location(erin.browser.open(path))).as("nobody proved anything").isEqualTo(login);
    erin.signIn(world.now());
    var code = answer(erin.browser.open(path)).getOrDefault("code", "");
    var anew = part(idToken(redeemed("console", code)), 1);
    assertThat(anew.number("auth_time").orElseThrow())
        .isGreaterThanOrEqualTo(before.number("auth_time").orElseThrow() + 120);
    assertThat(anew.text("sid")).isNotEqualTo(before.text("sid"));
    assertThat(anew.text("sub")).isEqualTo(before.text("sub"));
  }

  /// An access token that somebody puts beside another's ID token is noticed (OpenID Connect Core
  /// §3.1.3.6).
  @Test
  void anIdTokenNamesTheAccessTokenThatItCameWith() throws Exception {
    console("");
    var tokens = tokens("console");
    var hash =
        MessageDigest.getInstance("SHA-256")
            .digest(accessToken(tokens).getBytes(StandardCharsets.US_ASCII));
    var half = Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, 16));
    assertThat(part(idToken(tokens), 1).text("at_hash")).hasValue(half);
  }

  @Test
  void aLevelThatIsWishedForIsVoluntary() {
    console("");
    for (var levels : List.of("urn:prokura:acr:two-factors", "1 2", "urn:elsewhere")) {
      var claims = part(idToken(tokens("console", "acr_values", levels)), 1);
      assertThat(claims.text("acr")).hasValue("urn:prokura:acr:two-factors");
    }
  }
}
