package io.prokura.app;

import static io.prokura.app.CodeFlow.answer;
import static io.prokura.app.CodeFlow.location;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.jose.Algorithm;
import io.prokura.jose.Crypto;
import io.prokura.jose.JwtWriter;
import io.prokura.jose.SigningKey;
import io.prokura.json.Json;
import io.prokura.kernel.World;
import io.prokura.sql.TestDatabases;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The modules of the conformance suite's plans for logout, by an application that registered
/// itself, and the one for keys that follow each other. Each signs in, is sent to the logout
/// endpoint, and looks whether anybody is signed in afterwards.
final class OidcLogoutTest {
  private static final String OUT = "https://console.example/post_logout_redirect";
  private static final String STATE = "s".repeat(128);

  private final World world = TestServer.systemWorld();
  private final Receiver receiver = new Receiver();
  private Company company;
  private Person erin;
  private RelyingParty suite;

  @BeforeEach
  void found() {
    company = Company.found(TestDatabases.sqlite(), world);
    erin = Person.of(company);
    suite =
        new RelyingParty(company, erin.browser, world)
            .registered("'post_logout_redirect_uris': ['" + OUT + "']");
  }

  @AfterEach
  void close() {
    receiver.close();
    company.close();
  }

  private String idToken() {
    return suite.tokens().text("id_token").orElseThrow();
  }

  /// Sends the browser to the logout endpoint with these parameters in place of the usual ones; an
  /// empty value takes one away.
  private HttpResponse<String> endSession(String... pairs) {
    var all = new LinkedHashMap<String, String>();
    all.put("id_token_hint", idToken());
    all.put("post_logout_redirect_uri", OUT);
    all.put("state", STATE);
    for (int i = 0; i < pairs.length; i += 2) {
      all.put(pairs[i], pairs[i + 1]);
    }
    all.values().removeIf(String::isEmpty);
    return erin.browser.open("/oauth2/logout?" + Browser.encoded(all));
  }

  private void isSignedOut() {
    assertThat(answer(suite.authorize("prompt", "none", "state", STATE)))
        .containsOnlyKeys("error", "error_description", "state", "iss")
        .containsEntry("error", "login_required")
        .containsEntry("state", STATE);
  }

  private void isSignedIn() {
    assertThat(answer(suite.allowed(suite.authorize("prompt", "none")))).containsKey("code");
  }

  /// An error or a question, and nobody is sent anywhere.
  private void staysHere(HttpResponse<String> response) {
    assertThat(response.statusCode()).isIn(200, 400);
    assertThat(location(response)).isEmpty();
    assertThat(response.body()).doesNotContain("http-equiv");
    assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
    isSignedIn();
  }

  private Json.Obj metadata() {
    var told = company.server.get("/.well-known/openid-configuration", "").body();
    return company.server.object(told);
  }

  @Test
  void rpInitiatedLogoutDiscoveryEndpointVerification() {
    assertThat(metadata().text("end_session_endpoint"))
        .hasValue(company.server.issuer() + "/oauth2/logout");
  }

  @Test
  void rpInitiatedLogout() {
    assertThat(location(endSession())).isEqualTo(OUT + "?state=" + STATE);
    isSignedOut();
  }

  @Test
  void rpInitiatedLogoutNoState() {
    assertThat(location(endSession("state", ""))).isEqualTo(OUT);
    isSignedOut();
  }

  @Test
  void rpInitiatedLogoutBadAndQueryAddedToPostLogoutRedirectUri() {
    for (var uri : Set.of(OUT + "x9", OUT + "?foo=bar")) {
      staysHere(endSession("post_logout_redirect_uri", uri));
    }
  }

  @Test
  void rpInitiatedLogoutModifiedIdTokenHint() {
    var payload = idToken().split("\\.", -1)[1];
    staysHere(endSession("id_token_hint", "eyJhbGciOiJub25lIn0." + payload + "."));
  }

  @Test
  void rpInitiatedLogoutBadIdTokenHint() {
    var key = SigningKey.generate(Crypto.jdk(), world, Algorithm.RS256);
    var forged = JwtWriter.mint(key, "JWT", suite.claims(idToken()));
    staysHere(endSession("id_token_hint", forged));
  }

  @Test
  void rpInitiatedLogoutNoIdTokenHint() {
    staysHere(endSession("id_token_hint", ""));
  }

  @Test
  void rpInitiatedLogoutNoParamsAndOnlyState() {
    var none = new String[] {"id_token_hint", "", "post_logout_redirect_uri", "", "state", ""};
    staysHere(endSession(none));
    staysHere(endSession("id_token_hint", "", "post_logout_redirect_uri", ""));
  }

  @Test
  void rpInitiatedLogoutNoPostLogoutRedirectUri() {
    var out = endSession("post_logout_redirect_uri", "");
    assertThat(location(out)).isEqualTo("/logout");
    var page = erin.browser.open("/logout");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("You are not signed in");
    isSignedOut();
  }

  @Test
  void backchannelLogoutDiscoveryEndpointVerification() {
    assertThat(metadata().flag("backchannel_logout_supported")).hasValue(true);
    assertThat(metadata().flag("backchannel_logout_session_supported")).hasValue(true);
    assertThat(metadata().text("end_session_endpoint")).isPresent();
  }

  @Test
  void backchannelRpInitiatedLogout() {
    company.make(
        "told",
        "clients",
        """
        {'name': 'told', 'everything': true, 'redirectUris': ['https://console.example/cb'],
         'postLogoutRedirectUris': ['%s'], 'idTokenSignedResponseAlg': 'RS256',
         'pkceOptional': true, 'backchannelLogoutSessionRequired': true,
         'backchannelLogoutUri': '%s'}
        """
            .formatted(OUT, receiver.uri("/backchannel_logout")));
    company.secret("told", "clients");
    suite = new RelyingParty(company, erin.browser, world).as("told", "client_secret_basic");
    var hint = idToken();
    assertThat(location(endSession("id_token_hint", hint))).isEqualTo(OUT + "?state=" + STATE);
    Eventually.holds("the suite is told", () -> !receiver.at("/backchannel_logout").isEmpty());
    var logoutToken = receiver.at("/backchannel_logout").getFirst();
    var claims = suite.claims(logoutToken);
    var idToken = suite.claims(hint);
    for (var name : Set.of("iss", "sub", "sid", "aud")) {
      assertThat(claims.get(name)).as(name).isPresent().isEqualTo(idToken.get(name));
    }
    assertThat(claims.get("nonce")).isEmpty();
    assertThat(claims.text("jti")).isPresent();
    assertThat(claims.object("events").orElseThrow().members())
        .containsExactly(
            Map.entry("http://schemas.openid.net/event/backchannel-logout", Json.object().build()));
    assertThat(kids().keySet()).contains(suite.part(logoutToken, 0).text("kid").orElseThrow());
    isSignedOut();
  }

  private Map<String, Json.Obj> kids() {
    var keys = company.server.object(company.server.get("/oauth2/jwks", "").body());
    return ((Json.Arr) keys.get("keys").orElseThrow())
        .items().stream()
            .map(Json.Obj.class::cast)
            .collect(Collectors.toMap(key -> key.text("kid").orElseThrow(), key -> key));
  }

  /// The suite looks at the published keys before and after, and an administrator does the rest.
  @Test
  void serverRotateKeys() {
    var kid = suite.part(idToken(), 0).text("kid").orElseThrow();
    var before = kids();
    var token = company.server.operatorToken();
    company.server.done("/api/v1/keys/rotate", token, Json.object().build());
    var after = kids();
    assertThat(after).hasSizeGreaterThan(before.size());
    before.forEach((id, key) -> assertThat(after).containsEntry(id, key));
    for (var key : after.values()) {
      assertThat(key.members()).doesNotContainKeys("d", "p", "q", "k", "x5c");
      assertThat(key.text("use")).hasValue("sig");
    }
    assertThat(after).containsKey(kid);
  }
}
