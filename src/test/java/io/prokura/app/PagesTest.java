package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.Golden;
import io.prokura.authenticators.AuthenticatorApp;
import io.prokura.kernel.Limits;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import io.prokura.sql.TestDatabases;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// People at a whole server: they set up how they sign in, sign in and out, and see their sessions;
/// and what others may try in their place.
final class PagesTest {
  private static final String PASSWORD = "seven green bicycles";
  private static final String SESSION = "prokura-session";
  private static final Pattern KEY = Pattern.compile("class=\"key\">([A-Z2-7 ]+)<");
  private static final Pattern CODE = Pattern.compile("<li>([a-z2-7-]{19})</li>");

  private final AtomicReference<Duration> passed = new AtomicReference<>(Duration.ZERO);
  private final World world = new World(() -> Instant.now().plus(passed.get()), new SecureRandom());
  private final Database database = TestDatabases.sqlite();
  private Server server;
  private Browser browser;
  private AuthenticatorApp app = new AuthenticatorApp("");
  private List<String> recovery = List.of();

  @BeforeEach
  void start() {
    var config = TestServer.config(TestDatabases.folder(), "http://localhost:8420", "");
    server = Server.start(world, database, config);
    browser = new Browser(server.port());
  }

  @AfterEach
  void close() {
    server.close();
  }

  private Browser another() {
    return new Browser(server.port());
  }

  private void pass(Duration time) {
    passed.updateAndGet(before -> before.plus(time));
  }

  private HttpResponse<String> openSetup() {
    var link = server.setupLink().orElseThrow();
    var path = link.substring(link.indexOf("/setup"));
    var response = browser.open(path);
    var key = KEY.matcher(browser.page());
    assertThat(key.find()).isTrue();
    app = new AuthenticatorApp(key.group(1));
    return response;
  }

  private Map<String, String> filled() {
    var fields = new HashMap<String, String>();
    fields.put("username", "dana");
    fields.put("name", "Dana <b>");
    fields.put("password", PASSWORD);
    fields.put("again", PASSWORD);
    fields.put("shown", app.shows(world.now()));
    return fields;
  }

  private void setUp() {
    openSetup();
    assertThat(browser.submit("/setup", filled()).statusCode()).isEqualTo(200);
    recovery = CODE.matcher(browser.page()).results().map(m -> m.group(1)).toList();
    pass(Duration.ofSeconds(60));
  }

  private HttpResponse<String> password(Browser from, String name, String password) {
    from.open("/login");
    return from.submit("/login", Map.of("username", name, "password", password));
  }

  private HttpResponse<String> signIn(Browser from, String code) {
    var first = password(from, "dana", PASSWORD);
    assertThat(first.statusCode()).isEqualTo(303);
    from.open(first.headers().firstValue("Location").orElseThrow());
    return from.submit("/login/second-factor", Map.of("code", code));
  }

  @Test
  void theFirstAdministratorSetsUpAndSignsInAndOut() {
    setUp();
    assertThat(recovery).hasSize(10);
    assertThat(server.setupLink()).as("a second first administrator").isEmpty();
    var me = browser.open("/me");
    assertThat(me.statusCode()).isEqualTo(200);
    assertThat(me.body()).contains("Dana &lt;b&gt;").doesNotContain("<b>");
    browser.open("/logout");
    assertThat(browser.submit("/logout", Map.of()).statusCode()).isEqualTo(303);
    assertThat(browser.open("/me").statusCode()).isEqualTo(303);
    var done = signIn(browser, app.shows(world.now()));
    assertThat(done.statusCode()).isEqualTo(303);
    assertThat(done.headers().firstValue("Location")).hasValue("/me");
    assertThat(browser.open("/me").statusCode()).isEqualTo(200);
  }

  @Test
  void aSetupLinkIsGoodOnceAndFaultsAreNamedAtTheirFields() {
    openSetup();
    var fields = filled();
    fields.put("again", "another");
    fields.put("shown", "000000");
    fields.put("password", "password1234");
    var answer = browser.submit("/setup", fields);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body())
        .contains("href=\"#again\"", "href=\"#shown\"", "href=\"#password\"")
        .doesNotContain("href=\"#username\"", "password1234");
    var hidden = browser.hidden();
    assertThat(browser.submit("/setup", filled()).statusCode()).isEqualTo(200);
    browser.open("/login");
    var again = new HashMap<>(hidden);
    again.putAll(filled());
    again.put("form_token", browser.hidden().get("form_token"));
    assertThat(browser.post("/setup", Browser.encoded(again)).statusCode()).isEqualTo(404);
    assertThat(browser.open("/setup?code=nonsense").statusCode()).isEqualTo(404);
  }

  @Test
  void aCodeThatWasUsedSignsNobodyInAgain() {
    setUp();
    var code = app.shows(world.now());
    assertThat(signIn(another(), code).statusCode()).isEqualTo(303);
    assertThat(signIn(another(), code).statusCode()).isEqualTo(400);
    var once = recovery.getFirst();
    assertThat(signIn(another(), once).statusCode()).isEqualTo(303);
    assertThat(signIn(another(), once).statusCode()).isEqualTo(400);
  }

  @Test
  void aFormOfAnotherBrowserOrWithoutATokenDoesNothing() {
    setUp();
    var other = another();
    other.open("/login");
    var form = Map.of("username", "dana", "password", PASSWORD);
    assertThat(other.post("/login", Browser.encoded(form)).statusCode()).isEqualTo(403);
    browser.open("/logout");
    var token = browser.hidden().get("form_token");
    other.open("/login");
    var stolen = new HashMap<>(form);
    stolen.put("form_token", token);
    assertThat(other.post("/login", Browser.encoded(stolen)).statusCode()).isEqualTo(403);
    browser.headers.put("Sec-Fetch-Site", "cross-site");
    assertThat(browser.submit("/logout", Map.of()).statusCode()).isEqualTo(403);
    browser.headers.clear();
    assertThat(browser.open("/me").statusCode()).as("still signed in").isEqualTo(200);
  }

  @Test
  void aSessionGivenBeforehandIsNotTheOneSignedInTo() {
    setUp();
    var victim = another();
    victim.cookies.put(SESSION, "A".repeat(43));
    assertThat(signIn(victim, app.shows(world.now())).statusCode()).isEqualTo(303);
    assertThat(victim.cookies.get(SESSION)).isNotEqualTo("A".repeat(43));
    var before = victim.cookies.get(SESSION);
    pass(Duration.ofSeconds(30));
    assertThat(signIn(victim, app.shows(world.now())).statusCode()).isEqualTo(303);
    var thief = another();
    thief.cookies.put(SESSION, before);
    assertThat(thief.open("/me").statusCode()).as("the session before").isEqualTo(303);
    assertThat(victim.open("/me").statusCode()).isEqualTo(200);
  }

  @Test
  void nobodyIsSentToAnotherHost() {
    setUp();
    var other = another();
    for (var evil : List.of("https://evil.example/", "//evil.example", "/%5Cevil.example")) {
      other.open("/login?return_to=" + evil);
      assertThat(other.hidden()).containsEntry("return_to", "/me");
    }
    other.headers.put("X-Forwarded-Host", "evil.example");
    assertThat(other.open("/login").body()).doesNotContain("evil.example");
    other.open("/login?return_to=/oauth2/jwks");
    var first = other.submit("/login", Map.of("username", "dana", "password", PASSWORD));
    other.open(first.headers().firstValue("Location").orElseThrow());
    var done = other.submit("/login/second-factor", Map.of("code", app.shows(world.now())));
    assertThat(done.statusCode()).isEqualTo(200);
    assertThat(done.body()).contains("content=\"0;url=/oauth2/jwks\"");
  }

  @Test
  void pagesCannotBeFramedAndRunNothingButTheOneScript() {
    setUp();
    for (var path : List.of("/login", "/logout", "/me", "/setup?code=x")) {
      var headers = browser.open(path).headers();
      assertThat(headers.firstValue("Content-Security-Policy").orElseThrow())
          .contains("default-src 'none'", "frame-ancestors 'none'", "form-action 'self'")
          .doesNotContain("unsafe");
      var script = path.equals("/login") || path.equals("/me");
      assertThat(headers.firstValue("Content-Security-Policy").orElseThrow().contains("script-src"))
          .isEqualTo(script);
      assertThat(headers.firstValue("X-Frame-Options")).hasValue("DENY");
      assertThat(headers.firstValue("Cache-Control")).hasValue("no-store");
      assertThat(headers.firstValue("Referrer-Policy")).hasValue("no-referrer");
      assertThat(browser.page()).contains("lang=\"en\"", "viewport");
      var scripts = Pattern.compile("<script[^>]*>").matcher(browser.page()).results();
      assertThat(scripts.map(m -> m.group()))
          .containsExactlyElementsOf(
              script ? List.of("<script src=\"/assets/passkeys.js\" defer>") : List.of());
    }
  }

  @Test
  void aNameThatNobodyHasIsAnsweredLikeAWrongPassword() {
    setUp();
    var known = password(another(), "dana", "a wrong password");
    var unknown = password(another(), "nobody", "a wrong password");
    assertThat(known.statusCode()).isEqualTo(400);
    assertThat(unknown.statusCode()).isEqualTo(400);
    var token = Pattern.compile("name=\"form_token\" value=\"[^\"]*\"|data-options=\"[^\"]*\"");
    assertThat(token.matcher(unknown.body()).replaceAll("").replace("nobody", "dana"))
        .isEqualTo(token.matcher(known.body()).replaceAll(""));
  }

  @Test
  void aStrangerWhoTriesPasswordsLocksNobodyOutOfAKnownBrowser() {
    setUp();
    assertThat(signIn(browser, app.shows(world.now())).statusCode()).isEqualTo(303);
    var stranger = another();
    for (int i = 0; i < 6; i++) {
      password(stranger, "dana", "wrong " + i);
    }
    var last = password(stranger, "dana", "wrong again");
    assertThat(last.statusCode()).isEqualTo(429);
    assertThat(last.headers().firstValue("Retry-After")).isPresent();
    isOfTheForm(last, "Too many attempts.");
    assertThat(password(stranger, "dana", PASSWORD).statusCode())
        .as("even the right password has to wait")
        .isEqualTo(429);
    assertThat(password(browser, "dana", PASSWORD).statusCode()).isEqualTo(303);
  }

  @Test
  void oddParametersAreTurnedAway() {
    browser.open("/login");
    var form = Browser.encoded(browser.hidden());
    assertThat(browser.post("/login", form + "&username=a&username=b").statusCode()).isEqualTo(400);
    assertThat(browser.post("/login", form + "&username=" + "a".repeat(40_000)).statusCode())
        .isEqualTo(400);
    assertThat(browser.post("/login", form + "&password=" + "a".repeat(40_000)).statusCode())
        .isEqualTo(400);
    assertThat(browser.open("/login/second-factor").statusCode()).isEqualTo(303);
    browser.open("/login");
    var late = browser.submit("/login/second-factor", Map.of("code", "000000"));
    assertThat(late.statusCode()).isEqualTo(400);
    isOfTheForm(late, "That took too long.");
    browser.open("/login");
    isOfTheForm(browser.submit("/login/passkey", Map.of()), "This passkey does not sign you in");
    assertThat(browser.submit("/me/sessions/ses_x/end", Map.of()).statusCode()).isEqualTo(303);
  }

  /// That no field is at fault, of which another entry would mend it.
  private static void isOfTheForm(HttpResponse<String> page, String text) {
    assertThat(page.body())
        .contains("role=\"alert\"", "<li>" + text)
        .doesNotContain("aria-invalid=");
  }

  @Test
  void somebodyEndsASessionOfTheirOwnFromAnother() {
    setUp();
    var other = another();
    signIn(other, app.shows(world.now()));
    browser.open("/me");
    var end = Pattern.compile("action=\"(/me/sessions/[^\"]+/end)\"").matcher(browser.page());
    assertThat(end.find()).isTrue();
    assertThat(browser.submit(end.group(1), Map.of()).statusCode()).isEqualTo(303);
    assertThat(other.open("/me").statusCode()).isEqualTo(303);
    assertThat(browser.open("/me").statusCode()).isEqualTo(200);
  }

  @Test
  void routesOfPages() {
    try (var other = TestDatabases.sqlite()) {
      var config = TestServer.config(TestDatabases.folder(), "http://localhost:8420", "");
      var wired = App.wire(world, other, config, Limits.standard());
      Golden.check(
          "pages.txt",
          Routes.ofPages(wired.pages(), wired.compatibility()).stream()
              .map(row -> "%s %s%n".formatted(row.method(), row.path()))
              .collect(Collectors.joining()));
    }
  }
}
