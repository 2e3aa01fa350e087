package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.authenticators.AuthenticatorApp;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Pattern;

/// Erin, the first administrator of a company's server, signed in with a browser.
final class Person {
  private static final Pattern KEY = Pattern.compile("class=\"key\">([A-Z2-7 ]+)<");
  private static final Pattern OWN =
      Pattern.compile("\"id\":\"(usr_[0-9a-z]+)\",\"userName\":\"erin\"");

  static final String PASSWORD = "seven green bicycles";

  final Browser browser;
  final String id;
  private final AuthenticatorApp app;

  private Person(Browser browser, String id, AuthenticatorApp app) {
    this.browser = browser;
    this.id = id;
    this.app = app;
  }

  /// Sets Erin up at the server of `company`, which knows her as `erin` from then on.
  static Person of(Company company) {
    var erin = of(company.server, Instant.now());
    company.known("erin", erin.id);
    return erin;
  }

  /// The same, where she may use the CRM herself, and triage may prove itself at the archive.
  static Person permitted(Company company) {
    var erin = of(company);
    company.permit("erin", "crm", "['tickets.read', 'tickets.close']", "own");
    company.permit("triage", "archive", "['files.read']", "own");
    return erin;
  }

  /// The same at `server`, whose clock shows `now`.
  static Person of(TestServer server, Instant now) {
    var browser = new Browser(server.uri("").getPort());
    browser.open(server.setupPath());
    var key = KEY.matcher(browser.page());
    assertThat(key.find()).isTrue();
    var app = new AuthenticatorApp(key.group(1));
    var done =
        browser.submit(
            "/setup",
            Map.of(
                "username",
                "erin",
                "name",
                "Erin",
                "password",
                PASSWORD,
                "again",
                PASSWORD,
                "shown",
                app.shows(now)));
    assertThat(done.statusCode()).isEqualTo(200);
    var users = server.get("/api/v1/users", server.operatorToken()).body();
    var id = OWN.matcher(users);
    assertThat(id.find()).as(users).isTrue();
    return new Person(browser, id.group(1), app);
  }

  /// Her at another browser.
  Person with(Browser other) {
    return new Person(other, id, app);
  }

  /// Signs in again with the code that her app shows at `now`.
  void signIn(Instant now) {
    browser.open("/login");
    browser.submit("/login", Map.of("username", "erin", "password", PASSWORD));
    browser.open("/login/second-factor");
    browser.submit("/login/second-factor", Map.of("code", app.shows(now)));
  }
}
