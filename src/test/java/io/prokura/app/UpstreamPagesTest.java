package io.prokura.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.passkeys.Device;
import java.net.URLDecoder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A person at a whole server who signs in by an issuer, with a browser.
final class UpstreamPagesTest {
  private static final Pattern ERIN = Pattern.compile("\"id\":\"(usr_[0-9a-z]+)\"[^}]*erin <b>");

  private final Company company = Company.found();
  private Browser browser;
  private Elsewhere elsewhere;

  @BeforeEach
  void register() {
    browser = new Browser(company.server.uri("").getPort());
    assertThat(browser.open("/login").body()).doesNotContain("/login/upstream");
    elsewhere = Elsewhere.registered(company.server, "Company login", TestServer.systemWorld());
  }

  @AfterEach
  void close() {
    elsewhere.close();
    company.server.close();
  }

  private Map<String, String> begin(Browser from) {
    assertThat(from.open("/login?return_to=/me").body()).contains("/login/upstream?return_to=");
    assertThat(from.open("/login/upstream?return_to=/me").body()).contains("Company login");
    return elsewhere.begin(from);
  }

  private String answer(Map<String, String> sent) {
    return elsewhere.back(sent, "erin");
  }

  @Test
  void theyAreSignedInWhereTheyBegan() {
    var back = answer(begin(browser));
    var done = browser.open(back);

    assertThat(done.statusCode()).isEqualTo(303);
    assertThat(done.headers().firstValue("Location")).hasValue("/me");
    assertThat(browser.open("/me").body()).contains("erin &lt;b&gt;");
    assertThat(browser.open(back).statusCode()).as("again").isEqualTo(400);
  }

  @Test
  void nobodyIsSignedInByTheAnswerToAnotherBrowser() {
    var back = answer(begin(browser));
    var other = new Browser(company.server.uri("").getPort());
    assertThat(other.open(back).statusCode()).isEqualTo(400);
    begin(other);
    assertThat(other.open(back).statusCode()).isEqualTo(400);

    assertThat(other.open("/me").statusCode()).isEqualTo(303);
  }

  /// Somebody whose issuer tells of no second factor, where an application needs one (RFC 9470 §5).
  @Test
  void aLevelThatIsNeededHasThemSignInAnewAndIsNeverMadeUp() {
    browser.open(answer(begin(browser)));
    var flow = new CodeFlow(company, browser);
    var needed = "urn:prokura:acr:two-factors";

    assertThat(CodeFlow.answer(flow.authorize("acr_values", needed, "prompt", "none")))
        .containsEntry("error", "login_required");
    var login = CodeFlow.location(flow.authorize("acr_values", "urn:x:gold " + needed));
    assertThat(login).startsWith("/login?return_to=");
    var path = URLDecoder.decode(login.substring(login.indexOf('=') + 1), UTF_8);
    assertThat(CodeFlow.location(browser.open(path))).as("not yet").startsWith("/login");
    browser.open(answer(begin(browser)));
    assertThat(CodeFlow.answer(browser.open(path)))
        .containsEntry("error", "unmet_authentication_requirements")
        .containsEntry("state", "af0ifjsldkj")
        .containsEntry("iss", company.server.issuer())
        .doesNotContainKey("code");
  }

  /// The same where a client asks elsewhere (OpenID Connect CIBA Core §7.1): the page waits for a
  /// better sign-in, and takes a passkey for one.
  @Test
  void aLevelThatIsNeededElsewhereIsWaitedForOnThePage() {
    browser.open(answer(begin(browser)));
    var users = company.server.get("/api/v1/users", company.token).body();
    var found = ERIN.matcher(users);
    assertThat(found.find()).as(users).isTrue();
    company.known("erin", found.group(1));
    company.permit("erin", "crm", "['tickets.read']", "own");
    var asking = new Backchannel(company, browser);
    var needed = "urn:prokura:acr:two-factors";

    var open = asking.asked("triage", "login_hint", "<erin>", "acr_values", "urn:x:gold");
    asking.allow("tickets.read");
    var claims = asking.claims(asking.member(asking.poll("triage", open), "access_token"));
    assertThat(claims.text("acr")).hasValue("urn:prokura:acr:upstream");

    var asked = asking.asked("triage", "login_hint", "<erin>", "acr_values", needed);
    var path = asking.waiting().getFirst();
    browser.open(path);
    assertThat(browser.page())
        .contains("Sign in with two factors", "/login?return_to=%2Fme%2Frequests%2F")
        .contains("value=\"deny\"")
        .doesNotContain("value=\"allow\"");
    assertThat(asking.decide(path, "allow", "tickets.read").statusCode()).isEqualTo(400);
    assertThat(browser.page()).contains("Nothing was allowed");
    assertThat(asking.error(asking.poll("triage", asked))).isEqualTo("authorization_pending");

    var device = new Device("http://localhost:8420", "localhost", 1);
    browser.open("/me");
    var made = device.create(PasskeyPagesTest.options(browser));
    browser.submit(
        "/me/passkeys",
        Map.of(
            "client_data", made.clientData(),
            "attestation", made.attestationObject(),
            "name", "phone"));
    browser.open(path);
    var chosen = Map.of("depth", none(), "lasts", none(), "scope", List.of("tickets.read"));
    var said = device.sign(PasskeyPagesTest.options(browser), chosen);
    var form = new LinkedHashMap<>(browser.hidden());
    form.putAll(PasskeyPagesTest.fields(said));
    form.put("decision", "allow");
    form.put("scope", "tickets.read");
    assertThat(browser.post(path, Browser.encoded(form)).statusCode()).isEqualTo(200);
    var about = path.substring(path.lastIndexOf('/') + 1);
    var entries = company.server.get("/api/v1/audit?about=" + about, company.token);
    assertThat(entries.body()).contains("\"acr-unmet\"", "\"digest\"");
  }

  private static List<String> none() {
    return List.of();
  }

  @Test
  void nothingBeginsWithoutAFormOfThisServer() {
    browser.open("/login/upstream");
    var away = browser.post("/login/upstream/" + elsewhere.id(), "return_to=/me");

    assertThat(away.statusCode()).isEqualTo(403);
    assertThat(elsewhere.issuer().asked).isEmpty();
  }
}
