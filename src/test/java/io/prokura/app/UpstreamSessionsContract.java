package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.sql.Database;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What ends when the issuer is believed no more by which Dora signed in, and what does not.
abstract class UpstreamSessionsContract {
  private static final List<String> READING = List.of("tickets.read");
  private static final Pattern DORA =
      Pattern.compile("\"id\":\"(usr_[0-9a-z]+)\",\"userName\":\"dora@example.org\"");

  private final Receiver receiver = new Receiver();
  private Company company;
  private Person erin;
  private Elsewhere elsewhere;
  private Browser dora;
  private CodeFlow flow;

  /// Opens the one database of a test, again and again.
  abstract Database open();

  @BeforeEach
  void found() {
    company = Company.found(this::open, TestServer.systemWorld());
    erin = Person.of(company);
    company.permit("erin", "crm", "['tickets.read', 'tickets.close']", "own");
    elsewhere = Elsewhere.registered(company.server, "Staff", TestServer.systemWorld());
    dora = new Browser(company.server.uri("").getPort());
    elsewhere.signIn(dora, "dora");
    var users = company.server.get("/api/v1/users", company.server.operatorToken()).body();
    var id = DORA.matcher(users);
    assertThat(id.find()).as(users).isTrue();
    company.known("dora", id.group(1));
    company.permit("dora", "crm", "['tickets.read', 'tickets.close']", "own");
    flow = new CodeFlow(company, dora);
    company.replace(
        "console",
        "clients",
        """
        {'name': 'console', 'everything': true, 'resource': '<crm>',
         'redirectUris': ['https://console.example/cb'],
         'backchannelLogoutSessionRequired': true, 'backchannelLogoutUri': '%s'}
        """
            .formatted(receiver.uri("/console")));
  }

  @AfterEach
  void close() {
    receiver.close();
    elsewhere.close();
    company.close();
  }

  private String sessions(String name) {
    var path = "/api/v1/users/" + company.id(name) + "/sessions";
    return company.server.get(path, company.server.operatorToken()).body();
  }

  private void at(String path, String body) {
    var full = "/api/v1/trusted-issuers/" + elsewhere.id() + path;
    company.server.done(full, company.server.operatorToken(), company.json(body));
  }

  /// What Dora granted: a token, a refresh token for as long as she is signed in, one for longer,
  /// and a code that nobody has redeemed.
  private record Granted(String access, String refresh, String offline, String code) {}

  private Granted granted() {
    var online = flow.redeem(flow.code(READING, "scope", "openid tickets.read"));
    var offline = flow.redeem(flow.code(READING, "scope", "offline_access tickets.read"));
    var code = flow.code(List.of("tickets.close"), "scope", "tickets.close");
    return new Granted(
        flow.member(online, "access_token"),
        flow.member(online, "refresh_token"),
        flow.member(offline, "refresh_token"),
        code);
  }

  private void isOver(Granted granted) {
    assertThat(dora.open("/me").statusCode()).isEqualTo(303);
    assertThat(flow.isActive(granted.access())).isFalse();
    assertThat(flow.error(flow.refresh(granted.refresh()))).isEqualTo("invalid_grant");
    assertThat(flow.error(flow.refresh(granted.offline()))).isEqualTo("invalid_grant");
    assertThat(flow.error(flow.redeem(granted.code()))).isEqualTo("invalid_grant");
  }

  @Test
  void theSessionEndsWithAllThatWasGrantedInIt() {
    var hers = granted();
    var ofErin = new CodeFlow(company, erin.browser);
    var other = ofErin.redeem(ofErin.code(READING, "scope", "openid tickets.read"));
    assertThat(flow.isActive(hers.access())).isTrue();
    assertThat(sessions("dora")).contains("\"issuer\":\"" + elsewhere.id() + "\"");
    assertThat(sessions("erin")).contains("ses_").doesNotContain("issuer");
    assertThat(dora.open("/me").body()).contains("<dt>By</dt><dd>Staff</dd>");

    at("/deactivate", "{'reason': 'broken into'}");
    isOver(hers);
    assertThat(erin.browser.open("/me").body()).doesNotContain("Staff");
    assertThat(ofErin.member(ofErin.refresh(ofErin.member(other, "refresh_token")), "scope"))
        .isEqualTo("openid tickets.read");
    Eventually.holds("the application is told", () -> receiver.at("/console").size() == 1);
    Eventually.holds("it is on no list", () -> !sessions("dora").contains("ses_"));

    at("/activate", "{'reason': 'mended'}");
    isOver(hers);
    elsewhere.signIn(dora, "dora");
    assertThat(dora.open("/me").statusCode()).isEqualTo(200);
    assertThat(flow.error(flow.refresh(hers.offline()))).isEqualTo("invalid_grant");
    assertThat(receiver.at("/console")).as("once").hasSize(1);
  }

  /// The link is named by what was granted for longer than the session.
  @Test
  void theSessionEndsWithTheLinkAndSoDoesAllThatWasGrantedInIt() {
    var hers = granted();
    at("/unlink", "{'sub': 'dora', 'reason': 'not hers'}");
    isOver(hers);
    Eventually.holds("the application is told", () -> receiver.at("/console").size() == 1);
    assertThat(sessions("dora")).doesNotContain("ses_");
  }

  @Test
  void whatWasGrantedForLongerEndsAlsoWhenSheHadSignedOut() {
    var hers = granted();
    dora.open("/logout");
    dora.submit("/logout", Map.of());
    var refreshed = flow.refresh(hers.offline());
    assertThat(flow.isActive(flow.member(refreshed, "access_token"))).isTrue();
    at("/deactivate", "{'reason': 'broken into'}");
    assertThat(flow.isActive(flow.member(refreshed, "access_token"))).isFalse();
    assertThat(flow.error(flow.refresh(hers.offline()))).isEqualTo("invalid_grant");
  }
}
