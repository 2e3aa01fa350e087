package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import io.prokura.kernel.World;
import io.prokura.sql.TestDatabases;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The console asks Erin for the agent triage in the way of Asgardeo's clients, which send the
/// agent's token with the request and nothing of the agent with the poll; and what others may try.
final class AsgardeoCibaTest {
  private final AtomicReference<Duration> passed = new AtomicReference<>(Duration.ZERO);
  private final Instant began = Instant.now();
  private final World world = new World(() -> began.plus(passed.get()), new SecureRandom());
  private Company company;
  private Person erin;
  private Backchannel flow;

  @BeforeEach
  void found() {
    company = Company.foundCompatible(TestDatabases.sqlite(), world);
    erin = Person.of(company.server, began);
    company.known("erin", erin.id);
    company.permit("erin", "crm", "['tickets.read', 'tickets.close']", "own");
    company.permit("triage", "archive", "['files.read']", "own");
    flow = new Backchannel(company, erin.browser);
  }

  @AfterEach
  void close() {
    company.close();
  }

  private String own(String agent) {
    return company.granted(
        agent, "grant_type=client_credentials&purpose=support&resource=" + resource(agent));
  }

  private static String resource(String agent) {
    return agent.equals("triage") ? Company.ARCHIVE : Company.CRM;
  }

  /// Asks as `client` with other parameters in the place of the usual ones; an empty value takes
  /// one away.
  private HttpResponse<String> ask(String client, String... more) {
    var form = new LinkedHashMap<String, String>();
    form.put("scope", "openid tickets.read");
    form.put("login_hint", "erin");
    for (int i = 0; i < more.length; i += 2) {
      form.put(more[i], company.filled(more[i + 1]));
    }
    return company.server.form(
        "/oauth2/ciba", company.id(client), company.secret(client), Browser.encoded(form));
  }

  private Json.Obj asked(String client, String... more) {
    var answer = ask(client, more);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return company.server.object(answer.body());
  }

  private static String request(Json.Obj asked) {
    return asked.text("auth_req_id").orElseThrow();
  }

  private void later(Duration time) {
    passed.updateAndGet(before -> before.plus(time));
    Eventually.holds("a node that follows the clock", company.server::ready);
  }

  private String description(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    return company.server.object(response.body()).text("error_description").orElse("");
  }

  @Test
  void theTokenIsSentOnceAndTheAgentActs() {
    var asked =
        asked(
            "console",
            "actor_token",
            own("triage"),
            "binding_message",
            "Ticket 4711",
            "scope",
            "openid internal_login tickets.read");
    assertThat(asked.members().keySet())
        .containsExactlyInAnyOrder("auth_req_id", "interval", "expires_in");
    assertThat(request(asked)).as("CIBA Core §7.3").matches("[A-Za-z0-9._-]+");
    assertThat(flow.error(flow.poll("console", request(asked)))).isEqualTo("authorization_pending");
    flow.allow("tickets.read");
    later(Duration.ofSeconds(6));
    var tokens = flow.poll("console", request(asked), "scope", "openid tickets.read");
    var claims = flow.claims(flow.member(tokens, "access_token"));
    assertThat(claims.text("sub")).hasValue(erin.id);
    assertThat(claims.text("aut")).hasValue("APPLICATION_USER");
    assertThat(claims.text("client_id")).hasValue(company.id("console"));
    assertThat(claims.object("act").flatMap(act -> act.text("sub"))).hasValue(company.id("triage"));
    assertThat(flow.claims(flow.member(tokens, "id_token")).text("aut"))
        .hasValue("APPLICATION_USER");
    assertThat(flow.error(flow.poll("console", request(asked)))).isEqualTo("invalid_grant");
  }

  @Test
  void aClientThatTellsThePersonItselfLearnsWhereToSendThem() {
    var token = own("triage");
    var told = asked("console", "actor_token", token, "notification_channel", "external");
    assertThat(told.text("auth_url")).hasValue(company.server.issuer() + "/me");
    assertThat(asked("console", "actor_token", token, "notification_channel", "email").members())
        .doesNotContainKey("auth_url");
    var other = ask("console", "actor_token", token, "notification_channel", "pigeon");
    assertThat(flow.error(other)).isEqualTo("invalid_request");
  }

  @Test
  void itWaitsNoLongerThanAnHourOrThanItsToken() {
    assertThat(asked("console", "requested_expiry", "90000").number("expires_in")).hasValue(3600L);
    var claims = flow.claims(own("triage"));
    long life = claims.number("exp").orElseThrow() - claims.number("iat").orElseThrow();
    var token = own("triage");
    var asked = asked("console", "actor_token", token, "requested_expiry", "3600");
    assertThat(asked.number("expires_in").orElseThrow()).isBetween(1L, Math.min(3600, life));
    assertThat(asked("console", "actor_token", token, "requested_expiry", "60"))
        .satisfies(it -> assertThat(it.number("expires_in")).hasValue(60L));
    assertThat(flow.error(ask("console", "requested_expiry", "0"))).isEqualTo("invalid_request");
    assertThat(flow.error(ask("console", "requested_expiry", "soon"))).isEqualTo("invalid_request");
  }

  @Test
  void onlyAnAgentsOwnTokenNamesAnActor() {
    var delegated =
        company.granted(
            "triage",
            """
            grant_type=urn:ietf:params:oauth:grant-type:token-exchange
            &subject_token=<delegation>
            &subject_token_type=urn:prokura:params:oauth:token-type:delegation
            &resource=https://crm.example/mcp
            """);
    assertThat(description(ask("console", "actor_token", delegated)))
        .startsWith("Invalid actor_token: ");
    assertThat(description(ask("console", "actor_token", "nonsense")))
        .startsWith("Invalid actor_token: ");
    var workload =
        company.granted("crm-server", "grant_type=client_credentials&resource=" + decisions());
    assertThat(description(ask("console", "actor_token", workload)))
        .startsWith("Invalid actor_token: ");
    assertThat(
            description(
                ask("console", "actor_token", own("triage"), "requested_actor", "<lookup>")))
        .isEqualTo("Actor token subject does not match the requested actor.");
  }

  /// The decision point, on which an enforcer has a token of its own.
  private String decisions() {
    company.permit("crm-server", "decision-api", "['decide']", "own");
    return company.server.issuer() + "/access/v1";
  }

  /// An ID token of Erin's is signed by the same server and names nobody who may act.
  @Test
  void anIdTokenIsNoActorToken() {
    var asked = asked("console", "actor_token", own("triage"));
    flow.allow("tickets.read");
    var idToken = flow.member(flow.poll("console", request(asked)), "id_token");
    assertThat(description(ask("console", "actor_token", idToken)))
        .startsWith("Invalid actor_token: ");
  }

  @Test
  void aBoundTokenNeedsItsKeyWithTheRequestAndWithThePoll() {
    company.agent("careful", "['<work>']", false);
    company.permit("careful", "archive", "['files.read']", "own");
    company.permit("careful", "crm", "['tickets.read']", "onBehalf");
    var prover = new Prover(began);
    var token =
        as("careful", prover.proof())
            .token(
                "grant_type",
                "client_credentials",
                "resource",
                Company.ARCHIVE,
                "purpose",
                "support")
            .text("access_token");
    assertThat(description(ask("console", "actor_token", token)))
        .startsWith("Invalid actor_token: ");
    var ciba = company.server.issuer() + "/oauth2/ciba";
    var proof = prover.proof(prover.claims().claim("htu", ciba).build());
    var asked =
        company.server.send(
            HttpRequest.newBuilder(company.server.uri("/oauth2/ciba"))
                .header("DPoP", proof)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(
                    BodyPublishers.ofString(
                        Browser.encoded(
                            Map.of(
                                "client_id",
                                company.id("console"),
                                "client_secret",
                                company.secret("console"),
                                "scope",
                                "tickets.read",
                                "login_hint",
                                "erin",
                                "actor_token",
                                token)))));
    assertThat(asked.statusCode()).as(asked.body()).isEqualTo(200);
    var request = request(company.server.object(asked.body()));
    flow.allow("tickets.read");
    assertThat(flow.error(flow.poll("console", request))).isEqualTo("invalid_grant");
    var other = new Prover(began);
    assertThat(polled(request, other.proof()).statusCode()).isEqualTo(400);
    var tokens = polled(request, prover.proof());
    var bound = flow.claims(flow.member(tokens, "access_token")).object("cnf");
    assertThat(bound.flatMap(one -> one.text("jkt"))).hasValue(prover.jkt());
  }

  private Party as(String client, String proof) {
    return new Party(
        company.server,
        company.id(client),
        company.secret(client),
        company.server.stolenKey(),
        List.of(proof));
  }

  private HttpResponse<String> polled(String request, String proof) {
    return company.server.send(
        HttpRequest.newBuilder(company.server.uri("/oauth2/token"))
            .header("DPoP", proof)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(
                BodyPublishers.ofString(
                    Browser.encoded(
                        Map.of(
                            "client_id",
                            company.id("console"),
                            "client_secret",
                            company.secret("console"),
                            "grant_type",
                            Backchannel.TYPE,
                            "auth_req_id",
                            request)))));
  }

  /// What Asgardeo doesn't look at again: whether the agent may still act when the person answers.
  @Test
  void anAgentThatWasSuspendedMeanwhileGetsNothing() {
    var asked = asked("console", "actor_token", own("triage"));
    flow.allow("tickets.read");
    company.step("agents", "triage", "suspend");
    assertThat(flow.poll("console", request(asked)).statusCode()).isEqualTo(400);
  }

  @Test
  void aTokenThatWasRevokedMeanwhileIsOfNoUse() {
    var token = own("triage");
    var asked = asked("console", "actor_token", token);
    flow.allow("tickets.read");
    company.server.form(
        "/oauth2/revoke", company.id("triage"), company.secret("triage"), "token=" + token);
    assertThat(flow.error(flow.poll("console", request(asked)))).isEqualTo("invalid_grant");
    var fresh = flow.poll("console", request(asked), "actor_token", own("triage"));
    assertThat(flow.member(fresh, "access_token")).isNotEmpty();
  }

  /// What one client polls with is nothing for another, nor with the token of another request.
  @Test
  void whatIsCarriedIsGoodForItsRequestAndClientAlone() {
    company.make("desk", "clients", "{'name': 'desk', 'everything': true, 'resource': '<crm>'}");
    company.secret("desk", "clients");
    var first = request(asked("console", "actor_token", own("triage")));
    var second = request(asked("desk", "actor_token", own("triage")));
    assertThat(flow.error(flow.poll("desk", first))).isEqualTo("invalid_grant");
    var mixed = first.substring(0, first.indexOf('.')) + second.substring(second.indexOf('.'));
    assertThat(flow.error(flow.poll("console", mixed))).isEqualTo("invalid_grant");
    assertThat(flow.error(flow.poll("desk", mixed))).isEqualTo("invalid_grant");
    var bare = first.substring(0, first.indexOf('.'));
    flow.waiting().forEach(path -> flow.decide(path, "allow", "tickets.read"));
    assertThat(flow.error(flow.poll("console", bare)))
        .as("without its actor token")
        .isEqualTo("invalid_request");
  }

  @Test
  void switchedOffThereIsNoneOfIt() {
    try (var plain = Company.found(TestDatabases.sqlite(), world)) {
      for (var path : List.of("/oauth2/ciba", "/oauth2/authn")) {
        var answer = plain.server.form(path, plain.id("console"), plain.secret("console"), "a=b");
        assertThat(answer.statusCode()).as(path).isEqualTo(404);
      }
      plain.permit("triage", "archive", "['files.read']", "own");
      var token =
          plain.granted(
              "triage",
              "grant_type=client_credentials&purpose=support&resource=" + Company.ARCHIVE);
      assertThat(flow.claims(token).members()).doesNotContainKey("aut");
      assertThat(flow.claims(own("triage")).text("aut")).hasValue("AGENT");
      var direct = new AgentSdk(plain, "console").begin();
      assertThat(direct.statusCode()).as(direct.body()).isEqualTo(303);
      assertThat(CodeFlow.location(direct)).contains("error=invalid_request");
      assertThat(metadata(plain)).isEqualTo(metadata(company));
    }
  }

  private static String metadata(Company company) {
    return company.server.get("/.well-known/oauth-authorization-server", "none").body();
  }
}
