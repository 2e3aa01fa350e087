package io.prokura.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prokura.kernel.World;
import io.prokura.sql.TestDatabases;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What Asgardeo's clients ask people for, in front of a browser, by a request that was pushed, and
/// elsewhere with a message of the answer: with the scope of an API that is not here.
final class AsgardeoRequestsTest {
  private static final String SCOPES = "openid internal_login tickets.read";
  private static final String NOTICE = "8d67dc78-7faa-4d41-aabd-67707b374255";

  private final Instant began = Instant.now();
  private final World world = new World(() -> began, new SecureRandom());
  private final List<String> told = new CopyOnWriteArrayList<>();
  private HttpServer application;
  private Company company;
  private Person erin;
  private CodeFlow flow;

  @BeforeEach
  void found() throws IOException {
    application = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    application.createContext("/", this::answer);
    application.start();
    at(Company.foundCompatible(TestDatabases.sqlite(), world));
  }

  private void at(Company founded) {
    company = founded;
    erin = Person.of(company.server, began);
    company.known("erin", erin.id);
    company.permit("erin", "crm", "['tickets.read']", "own");
    company.permit("triage", "archive", "['files.read']", "own");
    flow = new CodeFlow(company, erin.browser);
  }

  @AfterEach
  void close() {
    company.close();
    application.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      told.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
      exchange.sendResponseHeaders(204, -1);
    }
  }

  private String own() {
    return company.granted(
        "triage", "grant_type=client_credentials&purpose=support&resource=" + Company.ARCHIVE);
  }

  /// The scopes of the token of triage for the code that Erin allowed.
  private String scopes(HttpResponse<String> asked) {
    var decided = flow.decide(asked, "allow", List.of("tickets.read"));
    assertThat(erin.browser.page()).doesNotContain("internal_login");
    var tokens =
        flow.redeem(CodeFlow.answer(decided).getOrDefault("code", ""), "actor_token", own());
    var claims = new Backchannel(company, erin.browser).claims(flow.member(tokens, "access_token"));
    assertThat(claims.object("act").flatMap(act -> act.text("sub"))).hasValue(company.id("triage"));
    return claims.text("scope").orElse("");
  }

  private HttpResponse<String> direct(String scopes) {
    return flow.authorize("requested_actor", "<triage>", "scope", scopes);
  }

  private HttpResponse<String> pushed(String scopes) {
    var request = flow.request("requested_actor", "<triage>", "scope", scopes);
    var answer =
        company.server.form(
            "/oauth2/par",
            company.id("console"),
            company.secret("console"),
            Browser.encoded(request));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    var uri = company.server.object(answer.body()).text("request_uri").orElseThrow();
    return erin.browser.open(
        "/oauth2/authorize?client_id=" + company.id("console") + "&request_uri=" + uri);
  }

  @Test
  void thePersonIsAskedForWhatThereIs() {
    assertThat(scopes(direct(SCOPES))).isEqualTo("tickets.read");
  }

  @Test
  void whatIsPushedIsReadAlike() {
    assertThat(scopes(pushed(SCOPES))).isEqualTo("tickets.read");
  }

  /// Left out is that one scope; nothing else of theirs, and never all there is to ask.
  @Test
  void everyOtherScopeThatIsNotHereIsRefused() {
    for (var scopes :
        List.of("internal_login", "openid internal_logins tickets.read", "INTERNAL_LOGIN")) {
      for (var asked : List.of(direct(scopes), pushed(scopes))) {
        assertThat(CodeFlow.location(asked)).as(scopes).contains("error=invalid_scope");
      }
    }
  }

  /// What is configured and what is not differ in this.
  @Test
  void aServerThatDoesNotSpeakToThemKnowsNoSuchScope() {
    company.close();
    at(Company.found(TestDatabases.sqlite(), world));
    for (var asked : List.of(direct(SCOPES), pushed(SCOPES))) {
      assertThat(CodeFlow.location(asked)).contains("error=invalid_scope");
    }
  }

  /// A client that is told of the answer knows the request by its short name, so the agent's token
  /// is not carried in it and comes with the poll; without it nothing is issued.
  @Test
  void aClientIsToldOfTheAnswerAndBringsTheAgentsToken() {
    company.make(
        "told",
        "clients",
        """
        {'name': 'told', 'everything': true, 'resource': '<crm>',
         'backchannelClientNotificationEndpoint': 'http://127.0.0.1:%d/asked'}
        """
            .formatted(application.getAddress().getPort()));
    company.secret("told", "clients");
    var elsewhere = new Backchannel(company, erin.browser);
    var request = askedElsewhere();
    elsewhere.allow("tickets.read");
    Eventually.holds(
        "the message", () -> told.equals(List.of("{\"auth_req_id\":\"" + request + "\"}")));
    var without = elsewhere.poll("told", request);
    assertThat(elsewhere.error(without)).isEqualTo("invalid_request");
    company.permit("lookup", "archive", "['files.read']", "own");
    var other =
        company.granted(
            "lookup", "grant_type=client_credentials&purpose=support&resource=" + Company.ARCHIVE);
    assertThat(elsewhere.error(elsewhere.poll("told", request, "actor_token", other)))
        .isEqualTo("invalid_grant");
    var tokens = elsewhere.poll("told", request, "actor_token", own());
    var claims = elsewhere.claims(elsewhere.member(tokens, "access_token"));
    assertThat(claims.text("sub")).hasValue(erin.id);
    assertThat(claims.text("scope")).hasValue("tickets.read");
    assertThat(claims.object("act").flatMap(act -> act.text("sub"))).hasValue(company.id("triage"));
  }

  private String askedElsewhere() {
    var form = new LinkedHashMap<String, String>();
    form.put("scope", SCOPES);
    form.put("login_hint", "erin");
    form.put("actor_token", own());
    form.put("client_notification_token", NOTICE);
    var answer =
        company.server.form(
            "/oauth2/ciba", company.id("told"), company.secret("told"), Browser.encoded(form));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return company.server.object(answer.body()).text("auth_req_id").orElseThrow();
  }
}
