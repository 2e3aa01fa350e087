package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import io.prokura.kernel.World;
import io.prokura.sql.TestDatabases;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// What registered itself and is not used goes away by itself; what is used stays.
final class RegistrationSweepTest {
  private static final String NOTEBOOK =
      """
      {'client_name': 'Notebook', 'redirect_uris': ['https://console.example/cb'],
       'token_endpoint_auth_method': 'none'}
      """;

  private final AtomicReference<Duration> passed = new AtomicReference<>(Duration.ZERO);
  private final World world = new World(() -> Instant.now().plus(passed.get()), new SecureRandom());

  private static Json.Obj registered(Company company, String token) {
    var answer = company.server.post("/oauth2/register", token, company.json(NOTEBOOK));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return company.server.object(answer.body());
  }

  private static Json.Obj openly(Company company) {
    var answer =
        company.server.send(
            java.net.http.HttpRequest.newBuilder(company.server.uri("/oauth2/register"))
                .header("Content-Type", "application/json")
                .POST(
                    java.net.http.HttpRequest.BodyPublishers.ofString(
                        company.json(NOTEBOOK).toText())));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return company.server.object(answer.body());
  }

  private static String id(Json.Obj client) {
    return client.text("client_id").orElseThrow();
  }

  /// What an administrator sees of it: whether it is active, or that it is not there.
  private static String seen(Company company, Json.Obj client) {
    var answer =
        company.server.get("/api/v1/clients/" + id(client), company.server.operatorToken());
    return answer.statusCode() == 200
        ? company.server.object(answer.body()).flag("active").orElseThrow() ? "active" : "ended"
        : "gone";
  }

  /// Lets the time pass and the work that is seldom done be done, as it is at each start.
  private void pass(Company company, Duration time) {
    passed.set(time);
    company.server.restart();
    Eventually.holds("a node that follows the clock", company.server::ready);
  }

  @Test
  void whatNobodyUsesIsStruckOutOrEndedAndWhatIsUsedStays() {
    var folder = TestDatabases.folder();
    try (var company = Company.found(() -> TestDatabases.sqlite(folder), world)) {
      var erin = Person.of(company);
      var token = new RelyingParty(company, erin.browser, world).initialToken();
      var open = openly(company);
      var withToken = registered(company, token);
      var used = openly(company);
      company.known("used", id(used));
      var flow = new CodeFlow(company, erin.browser);
      flow.code(
          java.util.List.of("openid"), "client_id", "<used>", "resource", "", "scope", "openid");

      pass(company, Duration.ofDays(8));
      Eventually.holds("a strange one that is gone", () -> seen(company, open).equals("gone"));
      var path = "/oauth2/register/" + id(open);
      var own = company.server.get(path, open.text("registration_access_token").orElseThrow());
      assertThat(own.statusCode()).as("its own token is worth nothing").isEqualTo(401);
      assertThat(seen(company, withToken)).isEqualTo("active");
      assertThat(seen(company, used)).as("allowed for a day").isEqualTo("active");

      pass(company, Duration.ofDays(91));
      Eventually.holds("one that is over", () -> seen(company, withToken).equals("ended"));
      assertThat(seen(company, used)).isEqualTo("active");
      pass(company, Duration.ofDays(99));
      Eventually.holds("one nobody uses any more", () -> seen(company, used).equals("ended"));
    }
  }
}
