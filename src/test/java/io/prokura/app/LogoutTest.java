package io.prokura.app;

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
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The console sends Erin's browser to the logout endpoint; and others try to send her elsewhere or
/// to sign her out against her will.
final class LogoutTest {
  private static final String OUT = "https://console.example/out";

  private final AtomicReference<Duration> passed = new AtomicReference<>(Duration.ZERO);
  private final World world = new World(() -> Instant.now().plus(passed.get()), new SecureRandom());
  private Company company;
  private Person erin;
  private CodeFlow flow;

  @BeforeEach
  void found() {
    company = Company.found(TestDatabases.sqlite(), world);
    erin = Person.of(company);
    company.permit("erin", "crm", "['tickets.read', 'tickets.close']", "own");
    flow = new CodeFlow(company, erin.browser);
  }

  @AfterEach
  void close() {
    company.close();
  }

  private HttpResponse<String> tokens(String... more) {
    var scopes = List.of("tickets.read");
    return flow.redeem(flow.code(scopes, more));
  }

  private String idToken() {
    return flow.member(tokens("scope", "openid tickets.read"), "id_token");
  }

  private static Map<String, String> parameters(String... pairs) {
    var all = new LinkedHashMap<String, String>();
    for (int i = 0; i < pairs.length; i += 2) {
      all.put(pairs[i], pairs[i + 1]);
    }
    return all;
  }

  private HttpResponse<String> logout(String... pairs) {
    return erin.browser.open("/oauth2/logout?" + Browser.encoded(parameters(pairs)));
  }

  private boolean isSignedIn() {
    return erin.browser.open("/me").statusCode() == 200;
  }

  private void refused(String... pairs) {
    for (boolean isForm : new boolean[] {false, true}) {
      var answer =
          isForm
              ? erin.browser.post("/oauth2/logout", Browser.encoded(parameters(pairs)))
              : logout(pairs);
      assertThat(answer.statusCode()).as(String.join(" ", pairs)).isEqualTo(400);
      assertThat(location(answer)).isEmpty();
      assertThat(answer.body()).doesNotContain("http-equiv", "evil");
      assertThat(isSignedIn()).isTrue();
    }
  }

  /// The ID token with one claim replaced, and the signature as it was or by `key`.
  private String modified(String idToken, String claim, String value) {
    var parts = idToken.split("\\.", -1);
    var payload =
        company.server.object(
            new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8));
    var members = new LinkedHashMap<>(payload.members());
    members.put(claim, Json.text(value));
    var claims = Json.object().putAll(members).build();
    return parts[0]
        + "."
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(claims.toText().getBytes(StandardCharsets.UTF_8))
        + "."
        + parts[2];
  }

  @Test
  void anApplicationThatKnowsTheSessionSignsThePersonOut() {
    var tokens = tokens("scope", "openid tickets.read");
    var refresh = flow.member(tokens, "refresh_token");
    var hint = flow.member(tokens, "id_token");
    var answer =
        logout("id_token_hint", hint, "post_logout_redirect_uri", OUT, "state", "a b&c=d#e");
    assertThat(answer.statusCode()).isEqualTo(303);
    assertThat(location(answer)).isEqualTo(OUT + "?state=a+b%26c%3Dd%23e");
    assertThat(erin.browser.cookies).doesNotContainKey("prokura-session");
    assertThat(isSignedIn()).isFalse();
    assertThat(flow.error(flow.refresh(refresh))).isEqualTo("invalid_grant");
    assertThat(location(flow.authorize("prompt", "none"))).contains("error=login_required");
    var again = logout("id_token_hint", hint, "post_logout_redirect_uri", OUT);
    assertThat(location(again)).as("nobody is signed in any more").isEqualTo(OUT);
  }

  @Test
  void anOldHintOfTheSessionIsGoodAndThePlaceAfterwardsIsOurs() {
    var hint = idToken();
    passed.set(Duration.ofMinutes(20));
    Eventually.holds("a node that follows the clock", company.server::ready);
    var answer = logout("id_token_hint", hint, "client_id", company.id("console"));
    assertThat(location(answer)).isEqualTo("/logout");
    assertThat(isSignedIn()).isFalse();
  }

  @Test
  void whoeverDoesNotKnowTheSessionHasThePersonAsked() {
    var hint = idToken();
    passed.set(Duration.ofMinutes(1));
    Eventually.holds("a node that follows the clock", company.server::ready);
    erin.signIn(world.now());
    for (var pairs :
        List.of(
            new String[] {},
            new String[] {"state", "x"},
            new String[] {"client_id", company.id("console")},
            new String[] {"id_token_hint", hint})) {
      var asked = logout(pairs);
      assertThat(asked.statusCode()).isEqualTo(200);
      assertThat(asked.body()).contains("You are signed in as Erin").doesNotContain("http-equiv");
      assertThat(isSignedIn()).isTrue();
    }
    var asked = logout("id_token_hint", hint, "post_logout_redirect_uri", OUT, "state", "\"<x>");
    assertThat(asked.body()).contains("The application console").doesNotContain("\"<x>");
    var fields = erin.browser.hidden();
    var forged = Browser.encoded(Map.of("client_id", company.id("console")));
    assertThat(erin.browser.post("/oauth2/logout/confirm", forged).statusCode()).isEqualTo(403);
    fields.put("state", "s");
    var done = erin.browser.post("/oauth2/logout/confirm", Browser.encoded(fields));
    assertThat(done.body()).contains("0;url=" + OUT + "?state=s\"");
    assertThat(isSignedIn()).isFalse();
  }

  @Test
  void whatThePersonConfirmsIsLookedAtAgain() {
    logout("client_id", company.id("console"));
    var fields = erin.browser.hidden();
    fields.put("post_logout_redirect_uri", "https://evil.example/");
    var done = erin.browser.post("/oauth2/logout/confirm", Browser.encoded(fields));
    assertThat(done.statusCode()).isEqualTo(400);
    assertThat(done.body()).doesNotContain("evil");
    assertThat(isSignedIn()).isTrue();
  }

  @Test
  void aFormOfAnApplicationFindsTheSessionAfterARedirect() {
    var hint = idToken();
    var form = Browser.encoded(parameters("id_token_hint", hint, "post_logout_redirect_uri", OUT));
    var stranger = new Browser(company.server.uri("").getPort());
    var first = stranger.post("/oauth2/logout", form);
    assertThat(first.statusCode()).isEqualTo(303);
    assertThat(location(first)).startsWith("/oauth2/logout?id_token_hint=");
    assertThat(location(erin.browser.open(location(first)))).isEqualTo(OUT);
    assertThat(isSignedIn()).isFalse();
  }

  @Test
  void nobodyIsSentToWhereTheApplicationHasNotRegistered() {
    var hint = idToken();
    for (var uri :
        List.of(
            OUT + "?foo=bar",
            OUT + "/",
            OUT + "#x",
            "https://console.example/cb",
            "https://console.example.evil.example/out",
            "https://console.example@evil.example/out",
            "HTTPS://console.example/out",
            "//evil.example/out",
            "javascript:alert(1)")) {
      refused("id_token_hint", hint, "post_logout_redirect_uri", uri, "state", "s");
      refused("client_id", company.id("console"), "post_logout_redirect_uri", uri);
    }
    refused("post_logout_redirect_uri", OUT, "state", "s");
    refused("post_logout_redirect_uri", "https://evil.example/");
  }

  @Test
  void aHintThatIsNotOursIsTakenForNothing() {
    var tokens = tokens("scope", "openid tickets.read");
    var hint = flow.member(tokens, "id_token");
    var access = flow.member(tokens, "access_token");
    var key = SigningKey.generate(Crypto.jdk(), TestServer.systemWorld(), Algorithm.ES256);
    var claims =
        Json.object()
            .put("iss", company.server.issuer())
            .put("sub", erin.id)
            .put("aud", company.id("console"))
            .build();
    for (var bad :
        List.of(
            "x",
            hint + "x",
            hint.substring(0, hint.lastIndexOf('.') + 1),
            modified(hint, "sub", "usr_00000000000000000000000000"),
            modified(hint, "aud", company.id("triage")),
            "eyJhbGciOiJub25lIn0." + hint.split("\\.", -1)[1] + ".",
            access,
            JwtWriter.mint(key, "JWT", claims))) {
      refused("id_token_hint", bad, "post_logout_redirect_uri", OUT, "state", "s");
      refused("id_token_hint", bad);
    }
    refused("id_token_hint", hint, "client_id", "cli_00000000000000000000000000");
    refused("client_id", "cli_00000000000000000000000000");
    assertThat(logout("state", "a", "foo", "b").statusCode()).isEqualTo(200);
    assertThat(erin.browser.open("/oauth2/logout?state=a&state=b").statusCode()).isEqualTo(400);
  }

  @Test
  void anApplicationThatWasTurnedOffSendsNobodyAnywhere() {
    var hint = idToken();
    company.step("clients", "console", "deactivate");
    refused("id_token_hint", hint, "post_logout_redirect_uri", OUT);
  }
}
