package io.prokura.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLDecoder;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A person at a whole server who signs in by an issuer, with a browser.
final class UpstreamPagesTest {
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

  @Test
  void nothingBeginsWithoutAFormOfThisServer() {
    browser.open("/login/upstream");
    var away = browser.post("/login/upstream/" + elsewhere.id(), "return_to=/me");

    assertThat(away.statusCode()).isEqualTo(403);
    assertThat(elsewhere.issuer().asked).isEmpty();
  }
}
