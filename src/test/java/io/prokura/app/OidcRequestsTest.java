package io.prokura.app;

import static io.prokura.app.CodeFlow.answer;
import static io.prokura.app.CodeFlow.location;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.kernel.World;
import io.prokura.sql.TestDatabases;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The modules of the conformance suite's basic plan about requests and their answers, by an
/// application that proves itself with a secret and sends no challenge. Each test is named after
/// the modules it stands for.
final class OidcRequestsTest {
  private final MovedClock clock = new MovedClock();
  private final World world = clock.world;
  private Company company;
  private Person erin;
  private RelyingParty suite;

  @BeforeEach
  void found() {
    company = Company.found(TestDatabases.sqlite(), world);
    erin = Person.of(company);
    suite = new RelyingParty(company, erin.browser, world).registered("");
  }

  @AfterEach
  void close() {
    company.close();
  }

  private void pass(Duration time) {
    clock.pass(time, company.server);
  }

  /// Signs in for `asked`, and lets the browser go on with it.
  private HttpResponse<String> signedIn(HttpResponse<String> asked) {
    assertThat(location(asked)).startsWith("/login");
    erin.signIn(world.now());
    var to = location(asked);
    var path = to.substring(to.indexOf("return_to=") + "return_to=".length());
    var back = java.net.URLDecoder.decode(path, java.nio.charset.StandardCharsets.UTF_8);
    return suite.allowed(erin.browser.open(back));
  }

  private long authTime(HttpResponse<String> allowed) {
    var code = answer(allowed).getOrDefault("code", "");
    return suite.claims(suite.good(suite.redeem(code))).number("auth_time").orElseThrow();
  }

  @Test
  void serverTestIdTokenSignatureAndClientSecretPost() {
    assertThat(suite.told("token_endpoint_auth_method")).isEqualTo("client_secret_basic");
    var posting =
        new RelyingParty(company, erin.browser, world)
            .registered("'token_endpoint_auth_method': 'client_secret_post'");
    for (var client : List.of(suite, posting)) {
      var answer = client.redeem(client.code());
      assertThat(answer.headers().firstValue("Cache-Control").orElse("")).contains("no-store");
      var tokens = client.good(answer);
      assertThat(tokens.text("token_type")).hasValue("Bearer");
      assertThat(tokens.number("expires_in").orElse(0L)).isPositive();
      var claims = client.claims(tokens);
      assertThat(claims.text("iss")).hasValue(company.server.issuer());
      assertThat(claims.text("nonce")).hasValue("n-0S6_WzA2Mj");
      var header = client.part(tokens.text("id_token").orElseThrow(), 0);
      assertThat(header.text("alg")).as("RS256 is usual").hasValue("RS256");
      assertThat(company.server.get("/oauth2/jwks", "").body())
          .contains(header.text("kid").orElseThrow());
      assertThat(client.person(tokens).text("sub")).isEqualTo(claims.text("sub"));
      client.refreshed(tokens.text("refresh_token").orElseThrow());
    }
  }

  /// The suite takes an ID token of the algorithm `none` for a failure, and skips where that is not
  /// among those that are supported.
  @Test
  void idTokenUnsigned() {
    assertThat(suite.register("'id_token_signed_response_alg': 'none'").statusCode())
        .isEqualTo(400);
    assertThat(company.server.get("/.well-known/openid-configuration", "").body())
        .contains("\"id_token_signing_alg_values_supported\":[\"ES256\",\"EdDSA\",\"RS256\"]");
  }

  @Test
  void responseTypeMissing() {
    assertThat(answer(suite.authorize("response_type", "")))
        .containsOnlyKeys("error", "error_description", "state", "iss")
        .containsEntry("error", "invalid_request")
        .containsEntry("state", "af0ifjsldkj");
  }

  @Test
  void userinfoGetPostHeaderAndPostBody() {
    var token = suite.tokens().text("access_token").orElseThrow();
    var post =
        HttpRequest.newBuilder(company.server.uri("/oauth2/userinfo"))
            .header("Content-Type", "application/x-www-form-urlencoded");
    var inBody =
        company.server.send(post.copy().POST(BodyPublishers.ofString("access_token=" + token)));
    var inHeader =
        company.server.send(
            post.copy().header("Authorization", "Bearer " + token).POST(BodyPublishers.noBody()));
    for (var answer : List.of(suite.userinfo(token), inBody, inHeader)) {
      assertThat(suite.good(answer).text("sub")).hasValue(erin.id);
      assertThat(answer.headers().firstValue("Content-Type").orElse(""))
          .startsWith("application/json");
    }
  }

  @Test
  void ensureRequestWithoutNonceSucceedsForCodeFlow() {
    assertThat(suite.claims(suite.tokens("nonce", "")).get("nonce")).isEmpty();
  }

  @Test
  void displayLocalesAcrValuesAndUnknownParametersChangeNothing() {
    for (var odd :
        List.of(
            List.of("display", "page"),
            List.of("display", "popup"),
            List.of("ui_locales", "se sv"),
            List.of("claims_locales", "se sv"),
            List.of("acr_values", "1 2"),
            List.of("extra", "foobar"))) {
      var claims = suite.claims(suite.tokens(odd.get(0), odd.get(1)));
      assertThat(claims.text("sub")).as(odd.toString()).hasValue(erin.id);
    }
  }

  @Test
  void ensureRequestWithValidPkceSucceeds() {
    var code = suite.code("code_challenge", CodeFlow.CHALLENGE, "code_challenge_method", "S256");
    assertThat(suite.redeem(code).statusCode()).as("without the verifier").isEqualTo(400);
    var again = suite.code("code_challenge", CodeFlow.CHALLENGE, "code_challenge_method", "S256");
    suite.good(
        suite.token(
            "grant_type",
            "authorization_code",
            "code",
            again,
            "redirect_uri",
            CodeFlow.CALLBACK,
            "code_verifier",
            CodeFlow.VERIFIER));
  }

  @Test
  void ensurePostRequestSucceeds() {
    var asked = erin.browser.post("/oauth2/authorize", Browser.encoded(suite.request()));
    var first = location(asked).startsWith("/oauth2/") ? erin.browser.open(location(asked)) : asked;
    assertThat(answer(suite.allowed(first))).containsKey("code");
  }

  @Test
  void promptLogin() {
    long first = authTime(suite.allowed(suite.authorize()));
    pass(Duration.ofSeconds(90));
    var second = signedIn(suite.authorize("prompt", "login"));
    assertThat(authTime(second)).isGreaterThanOrEqualTo(first + 90);
  }

  @Test
  void promptNoneLoggedInAndIdTokenHint() {
    var tokens = suite.tokens();
    long before = suite.claims(tokens).number("auth_time").orElseThrow();
    assertThat(authTime(suite.authorize("prompt", "none"))).isEqualTo(before);
    var hint = tokens.text("id_token").orElseThrow();
    var claims = authTime(suite.authorize("prompt", "none", "id_token_hint", hint));
    assertThat(claims).isEqualTo(before);
  }

  @Test
  void promptNoneNotLoggedIn() {
    erin.browser.cookies.clear();
    assertThat(answer(suite.authorize("prompt", "none")))
        .containsEntry("error", "login_required")
        .containsEntry("state", "af0ifjsldkj")
        .doesNotContainKey("code");
  }

  @Test
  void maxAge1AndMaxAge10000() {
    long first = authTime(suite.allowed(suite.authorize()));
    pass(Duration.ofSeconds(90));
    assertThat(authTime(suite.authorize("prompt", "none", "max_age", "10000"))).isEqualTo(first);
    assertThat(answer(suite.authorize("prompt", "none", "max_age", "1")))
        .containsEntry("error", "login_required");
    assertThat(authTime(signedIn(suite.authorize("max_age", "1"))))
        .isGreaterThanOrEqualTo(first + 90);
  }

  @Test
  void aPersonOrLevelThatSigningInDidNotBringIsToldToTheApplication() {
    for (var claims :
        List.of(
            "{\"id_token\":{\"sub\":{\"value\":\"usr_somebody_else\"}}}",
            "{\"userinfo\":{\"sub\":{\"value\":\"usr_somebody_else\"}}}")) {
      pass(Duration.ofSeconds(90));
      assertThat(answer(signedIn(suite.authorize("claims", claims))))
          .as(claims)
          .containsEntry("error", "login_required")
          .doesNotContainKey("code");
    }
    var gold = "{\"id_token\":{\"acr\":{\"essential\":true,\"value\":\"urn:x:gold\"}}}";
    assertThat(answer(suite.authorize("claims", gold)))
        .as("nobody has to sign in in vain")
        .containsEntry("error", "unmet_authentication_requirements")
        .doesNotContainKey("code");
  }

  @Test
  void loginHint() {
    erin.browser.cookies.clear();
    var hint = "\"><script>erin@example.org";
    var login = location(suite.authorize("login_hint", hint));
    assertThat(login).startsWith("/login");
    assertThat(erin.browser.open(login).body())
        .contains("value=\"&quot;&gt;&lt;script&gt;erin@example.org\"")
        .doesNotContain("<script>erin");
  }

  private void isInvalidGrant(HttpResponse<String> response) {
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    var body = company.server.object(response.body());
    assertThat(body.text("error")).hasValue("invalid_grant");
    assertThat(body.text("error_description").orElse("")).matches("[ !#-\\[\\]-~]+");
  }

  @Test
  void refreshToken() {
    var tokens = suite.tokens();
    pass(Duration.ofSeconds(1));
    var refresh = tokens.text("refresh_token").orElseThrow();
    var response = suite.token("grant_type", "refresh_token", "refresh_token", refresh);
    assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
    var next = suite.good(response);
    assertThat(next.text("access_token")).isNotEqualTo(tokens.text("access_token"));
    var before = suite.claims(tokens);
    var after = suite.claims(next);
    for (var name : List.of("iss", "sub", "aud", "auth_time")) {
      assertThat(after.get(name)).as(name).isPresent().isEqualTo(before.get(name));
    }
    assertThat(after.number("iat")).isNotEqualTo(before.number("iat"));
    var other = new RelyingParty(company, erin.browser, world).registered("");
    isInvalidGrant(other.token("grant_type", "refresh_token", "refresh_token", refresh));
  }

  @Test
  void authCodeReuseAndAuthCodeReuseAfter30Seconds() {
    var code = suite.code();
    var tokens = suite.good(suite.redeem(code));
    assertThat(suite.userinfo(tokens.text("access_token").orElseThrow()).statusCode())
        .isEqualTo(200);
    pass(Duration.ofSeconds(30));
    var again = suite.redeem(code);
    isInvalidGrant(again);
    assertThat(suite.userinfo(tokens.text("access_token").orElseThrow()).statusCode())
        .as("what came of it is over")
        .isEqualTo(401);
  }

  @Test
  void ensureRegisteredRedirectUriAndEnsureRedirectUriInAuthorizationRequest() {
    for (var uri : List.of("https://console.example/cb/x", "https://other.example/cb", "")) {
      var response = suite.authorize("redirect_uri", uri);
      assertThat(response.statusCode()).as(uri).isEqualTo(400);
      assertThat(location(response)).isEmpty();
      assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
    }
  }

  @Test
  void redirectUriQueryOkQueryMismatchQueryAddedAndRegFrag() {
    var client =
        new RelyingParty(company, erin.browser, world)
            .registered("'redirect_uris': ['https://console.example/cb?foo=bar']");
    var good = client.allowed(client.authorize("redirect_uri", CodeFlow.CALLBACK + "?foo=bar"));
    assertThat(answer(good)).containsEntry("foo", "bar").containsKeys("code", "state", "iss");
    for (var other : List.of("", "?foo=baz", "?foo=bar&x=y", "?bar=foo")) {
      var response = client.authorize("redirect_uri", CodeFlow.CALLBACK + other);
      assertThat(response.statusCode()).as(other).isEqualTo(400);
      assertThat(location(response)).isEmpty();
    }
    assertThat(suite.authorize("redirect_uri", CodeFlow.CALLBACK + "?foo=bar").statusCode())
        .isEqualTo(400);
    var fragment = suite.register("'redirect_uris': ['https://console.example/cb#foo']");
    assertThat(fragment.statusCode()).isEqualTo(400);
    assertThat(fragment.body()).contains("\"error\":\"invalid_redirect_uri\"");
  }

  @Test
  void unsignedRequestObjectAndRequestUriAreRejectedAsUnsupported() {
    assertThat(answer(suite.authorize("request", "eyJhbGciOiJub25lIn0.e30.")))
        .containsEntry("error", "request_not_supported")
        .containsEntry("state", "af0ifjsldkj");
    var elsewhere = "https://suite.example/request.jwt";
    assertThat(answer(suite.authorize("request_uri", elsewhere)))
        .containsEntry("error", "request_uri_not_supported")
        .containsEntry("state", "af0ifjsldkj");
    var astray =
        suite.authorize("request_uri", elsewhere, "redirect_uri", "https://other.example/cb");
    assertThat(astray.statusCode()).as("only the person is told").isEqualTo(400);
    assertThat(location(astray)).isEmpty();
    var metadata = company.server.get("/.well-known/openid-configuration", "").body();
    var told = company.server.object(metadata);
    assertThat(told.flag("request_uri_parameter_supported")).hasValue(false);
    assertThat(told.texts("request_object_signing_alg_values_supported").orElseThrow())
        .doesNotContain("none");
  }

  @Test
  void whatAClientThatSaysNothingGets() {
    var answer =
        company.server.post(
            "/oauth2/register",
            suite.initialToken(),
            company.json("{'redirect_uris': ['https://console.example/cb']}"));
    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(answer.headers().firstValue("Cache-Control").orElse("")).contains("no-store");
    var told = company.server.object(answer.body());
    assertThat(told.text("application_type")).hasValue("web");
    assertThat(told.text("token_endpoint_auth_method")).hasValue("client_secret_basic");
    assertThat(told.text("id_token_signed_response_alg")).hasValue("RS256");
    assertThat(told.text("subject_type")).hasValue("public");
    assertThat(told.texts("response_types")).hasValue(List.of("code"));
    assertThat(told.number("client_secret_expires_at")).hasValue(0L);
    assertThat(told.text("registration_client_uri").orElse("")).startsWith(company.server.issuer());
    var gone =
        company.server.send(
            "DELETE",
            "/oauth2/register/" + told.text("client_id").orElseThrow(),
            told.text("registration_access_token").orElseThrow(),
            Map.of(),
            "");
    assertThat(gone.statusCode()).isEqualTo(204);
  }
}
