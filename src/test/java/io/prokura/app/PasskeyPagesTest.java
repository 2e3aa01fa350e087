package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.authenticators.AuthenticatorApp;
import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.World;
import io.prokura.passkeys.Assertion;
import io.prokura.passkeys.Device;
import io.prokura.sql.Database;
import io.prokura.sql.TestDatabases;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Passkeys at the pages of a whole server, with a device written for tests in the place of the
/// script; and what others may try with them.
final class PasskeyPagesTest {
  private static final Pattern OPTIONS = Pattern.compile("data-options=\"([^\"]*)\"");
  private static final Pattern REMOVE = Pattern.compile("action=\"(/me/passkeys/[^\"]+/remove)\"");
  private static final Pattern KEY = Pattern.compile("class=\"key\">([A-Z2-7 ]+)<");

  private final AtomicReference<Duration> passed = new AtomicReference<>(Duration.ZERO);
  private final World world = new World(() -> Instant.now().plus(passed.get()), new SecureRandom());
  private final Database database = TestDatabases.sqlite();
  private final Device device = new Device("http://localhost:8420", "localhost", 1);
  private Server server;
  private Browser browser;

  @BeforeEach
  void start() {
    var config = TestServer.config(TestDatabases.folder(), "http://localhost:8420", "");
    server = Server.start(world, database, config);
    browser = new Browser(server.port());
    var link = server.setupLink().orElseThrow();
    browser.open(link.substring(link.indexOf("/setup")));
    var key = KEY.matcher(browser.page());
    assertThat(key.find()).isTrue();
    var fields =
        Map.of(
            "username", "dana",
            "name", "Dana",
            "password", "seven green bicycles",
            "again", "seven green bicycles",
            "shown", new AuthenticatorApp(key.group(1)).shows(world.now()));
    assertThat(browser.submit("/setup", fields).statusCode()).isEqualTo(200);
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

  /// What the form for a passkey that is shown asks of a device.
  static Json.Obj options(Browser at) {
    var found = OPTIONS.matcher(at.page());
    assertThat(found.find()).isTrue();
    var text = found.group(1).replace("&quot;", "\"").replace("&amp;", "&");
    var read = new JsonReader(Limits.standard()).readObject(text.getBytes(StandardCharsets.UTF_8));
    assertThat(read).isInstanceOf(Result.Ok.class);
    return ((Result.Ok<Json.Obj>) read).value();
  }

  private HttpResponse<String> add(Browser from, String name) {
    from.open("/me");
    var said = device.create(options(from));
    return from.submit(
        "/me/passkeys",
        Map.of(
            "client_data",
            said.clientData(),
            "attestation",
            said.attestationObject(),
            "name",
            name));
  }

  private static HttpResponse<String> send(Browser from, Assertion said) {
    return from.submit("/login/passkey", fields(said));
  }

  /// What the script puts into the form for signing in.
  static Map<String, String> fields(Assertion said) {
    return Map.of(
        "credential", said.credential(),
        "client_data", said.clientData(),
        "authenticator_data", said.authenticatorData(),
        "signature", said.signature(),
        "user_handle", said.userHandle());
  }

  @Test
  void aPasskeySignsInAloneAndNotOnceItIsRemoved() {
    assertThat(add(browser, "Phone <b>").statusCode()).isEqualTo(303);
    assertThat(browser.open("/me").body()).contains("Phone &lt;b&gt;").doesNotContain("<b>");
    var other = another();
    other.open("/login?return_to=/oauth2/jwks");
    var done = send(other, device.get(options(other)));
    assertThat(done.statusCode()).isEqualTo(200);
    assertThat(done.body()).contains("content=\"0;url=/oauth2/jwks\"");
    assertThat(other.open("/me").body()).contains("Dana");
    var amr =
        database.<List<String>>read(
            tx -> tx.list("SELECT amr || ' ' || acr FROM session", row -> row.text(1)));
    assertThat(amr).contains("pop user mfa urn:prokura:acr:two-factors");
    var remove = REMOVE.matcher(other.page());
    assertThat(remove.find()).isTrue();
    assertThat(other.submit(remove.group(1), Map.of()).statusCode()).isEqualTo(303);
    var late = another();
    late.open("/login");
    assertThat(send(late, device.get(options(late))).statusCode()).isEqualTo(400);
    assertThat(late.open("/me").statusCode()).isEqualTo(303);
  }

  @Test
  void anAnswerIsGoodOnceAndOnlyInTheBrowserThatWasAsked() {
    add(browser, "phone");
    var victim = another();
    victim.open("/login");
    var said = device.get(options(victim));
    var thief = another();
    thief.open("/login");
    assertThat(send(thief, said).statusCode()).as("without the cookie").isEqualTo(400);
    var stolen = victim.cookies.get("prokura-passkey");
    assertThat(send(victim, said).statusCode()).isEqualTo(303);
    thief.open("/login");
    thief.cookies.put("prokura-passkey", stolen);
    assertThat(send(thief, said).statusCode()).as("replayed").isEqualTo(400);
    assertThat(thief.open("/me").statusCode()).isEqualTo(303);
    var forged = Browser.encoded(fields(said));
    assertThat(another().post("/login/passkey", forged).statusCode())
        .as("without a form")
        .isEqualTo(403);
  }

  @Test
  void passkeysAreChangedOnlyShortlyAfterSigningIn() {
    add(browser, "phone");
    browser.open("/me");
    var said = device.create(options(browser));
    var remove = REMOVE.matcher(browser.page());
    assertThat(remove.find()).isTrue();
    var token = browser.hidden().getOrDefault("form_token", "");
    pass(Duration.ofMinutes(10));
    assertThat(browser.submit(remove.group(1), Map.of()).headers().firstValue("Location"))
        .hasValue("/login");
    browser.open("/me");
    assertThat(browser.page())
        .contains("phone")
        .doesNotContain("/me/passkeys", "data-options", "<script");
    var late =
        Map.of(
            "form_token",
            token,
            "client_data",
            said.clientData(),
            "attestation",
            said.attestationObject(),
            "name",
            "late");
    assertThat(browser.submit("/me/passkeys", late).headers().firstValue("Location"))
        .hasValue("/login");
    assertThat(
            database.<List<String>>read(
                tx -> tx.list("SELECT name FROM passkey", row -> row.text(1))))
        .containsExactly("phone");
  }

  @Test
  void aPageOfAnotherOriginGetsNothing() {
    add(browser, "phone");
    device.origin = "https://evil.example";
    var other = another();
    other.headers.put("X-Forwarded-Host", "evil.example");
    other.open("/login");
    assertThat(send(other, device.get(options(other))).statusCode()).isEqualTo(400);
    assertThat(add(browser, "evil").statusCode()).isEqualTo(400);
    assertThat(another().open("/me").statusCode()).isEqualTo(303);
  }

  @Test
  void theFormsAreHiddenUntilTheScriptRuns() {
    var login = browser.open("/login").body();
    assertThat(login).contains("data-options=").contains(" hidden>").contains("name=\"password\"");
    var script = browser.open("/assets/passkeys.js");
    assertThat(script.headers().firstValue("Content-Type"))
        .hasValue("text/javascript; charset=utf-8");
    assertThat(script.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(script.body()).contains("form.hidden = false").doesNotContain("eval", "innerHTML");
  }
}
