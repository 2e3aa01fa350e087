package io.prokura.app;

import static io.prokura.app.CodeFlow.answer;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import io.prokura.sql.TestDatabases;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A notebook that registered itself asks for what agents use: it becomes a discovered agent, and
/// the actor when somebody has adopted it.
final class DiscoveredAgentTest {
  private static final List<String> READING = List.of("tickets.read");
  private static final Pattern AGENT =
      Pattern.compile("\\{\"id\":\"(agt_[0-9a-z]+)\",\"name\":\"Notebook\"");

  private Company company;
  private Person erin;
  private CodeFlow flow;

  @BeforeEach
  void found() {
    company = Company.found(TestDatabases.sqlite());
    erin = Person.of(company);
    company.permit("erin", "crm", "['tickets.read', 'tickets.close']", "own");
    flow = new CodeFlow(company, erin.browser);
    register("notebook");
  }

  @AfterEach
  void close() {
    company.close();
  }

  private void register(String name) {
    var body =
        "{'client_name': 'Notebook', 'redirect_uris': ['https://console.example/cb'],"
            + " 'token_endpoint_auth_method': 'none'}";
    var made =
        company.server.send(
            HttpRequest.newBuilder(company.server.uri("/oauth2/register"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.replace('\'', '"'))));
    company.known(name, company.server.object(made.body()).text("client_id").orElseThrow());
  }

  private HttpResponse<String> authorize(String... more) {
    var all = new ArrayList<>(List.of("client_id", "<notebook>"));
    all.addAll(List.of(more));
    return flow.authorize(all.toArray(String[]::new));
  }

  private List<String> notebooks() {
    var agents = company.server.get("/api/v1/agents?limit=200", company.token).body();
    return AGENT.matcher(agents).results().map(one -> one.group(1)).toList();
  }

  private Json.Obj agent() {
    var read = company.server.get("/api/v1/agents/" + company.id("agent"), company.token);
    return company.server.object(read.body());
  }

  /// Somebody answers for it from now on, says what it is for and lets it act.
  private void adopt() {
    authorize();
    company.known("agent", notebooks().getFirst());
    var adopted =
        company.json(
            """
            {'name': 'Notebook', 'owner': '<dana>', 'backupOwner': '<support>',
             'purposes': ['<work>'], 'environment': 'production', 'risk': 'low',
             'bearerTokens': true}
            """);
    var path = "/api/v1/agents/" + company.id("agent");
    var written =
        company.server.send(
            "PUT", path, company.token, java.util.Map.of("If-Match", "\"1\""), adopted.toText());
    assertThat(written.statusCode()).as(written.body()).isEqualTo(200);
    company.step("agents", "agent", "adopt");
    company.step("agents", "agent", "activate");
    company.permit("agent", "crm", "['tickets.read']", "onBehalf");
  }

  private HttpResponse<String> token(String client, String... pairs) {
    var form = new StringBuilder("client_id=" + company.id(client));
    for (int i = 0; i < pairs.length; i += 2) {
      form.append('&').append(pairs[i]).append('=').append(URLEncoder.encode(pairs[i + 1], UTF_8));
    }
    return company.server.send(
        HttpRequest.newBuilder(company.server.uri("/oauth2/token"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form.toString())));
  }

  private HttpResponse<String> redeem(String client, String code) {
    return token(
        client,
        "grant_type",
        "authorization_code",
        "code",
        code,
        "code_verifier",
        CodeFlow.VERIFIER);
  }

  private HttpResponse<String> refresh(String token) {
    return token("notebook", "grant_type", "refresh_token", "refresh_token", token);
  }

  private String code(String... more) {
    var allowed = flow.decide(authorize(more), "allow", READING);
    return answer(allowed).getOrDefault("code", "");
  }

  private Json.Obj claims(String jwt) {
    return company.server.object(
        new String(Base64.getUrlDecoder().decode(jwt.split("\\.", -1)[1]), UTF_8));
  }

  private String introspected(String token) {
    return company
        .server
        .form(
            "/oauth2/introspect",
            company.id("crm-server"),
            company.secret("crm-server"),
            "token=" + token)
        .body();
  }

  @Test
  void isOnRecordOnceAndMayDoNothing() {
    var refused = answer(authorize());
    assertThat(refused).containsEntry("error", "unauthorized_client").doesNotContainKey("code");
    assertThat(refused.get("error_description")).contains("discovered");
    authorize();
    assertThat(notebooks()).hasSize(1);
    company.known("agent", notebooks().getFirst());
    assertThat(agent().text("state")).hasValue("discovered");
    assertThat(agent().text("owner"))
        .as("not who met it")
        .isNotEqualTo(java.util.Optional.of(erin.id));
    assertThat(agent().text("backupOwner")).isNotEqualTo(java.util.Optional.of(erin.id));
    assertThat(agent().texts("purposes")).hasValue(List.of());
    var record =
        company.server.get("/api/v1/audit?about=" + company.id("agent"), company.token).body();
    assertThat(record).contains("agent.discovered", company.id("notebook"));
  }

  @Test
  void actsForAPersonOnceItIsAdopted() {
    adopt();
    var asked = authorize("scope", "openid tickets.read");
    erin.browser.open(CodeFlow.location(asked));
    assertThat(erin.browser.page())
        .contains("Notebook wants to act for you", "not verified", "support");
    var code = answer(flow.decide(asked, "allow", READING)).getOrDefault("code", "");
    var tokens = redeem("notebook", code);
    var claims = claims(flow.member(tokens, "access_token"));
    assertThat(claims.text("sub")).hasValue(erin.id);
    assertThat(claims.text("purpose")).hasValue("support");
    var act = claims.object("act").orElseThrow();
    assertThat(act.text("sub")).hasValue(company.id("agent"));
    assertThat(act.flag("unproven")).hasValue(true);
    assertThat(introspected(flow.member(tokens, "access_token")))
        .contains("\"active\":true", company.id("agent"), "\"unproven\":true");
    var again = refresh(flow.member(tokens, "refresh_token"));
    assertThat(claims(flow.member(again, "access_token")).object("act").flatMap(a -> a.text("sub")))
        .hasValue(company.id("agent"));
  }

  @Test
  void isStoppedAsAnyAgentIs() {
    adopt();
    var tokens = redeem("notebook", code());
    var token = flow.member(tokens, "access_token");
    company.step("agents", "agent", "suspend");
    assertThat(introspected(token)).contains("\"active\":false");
    assertThat(refresh(flow.member(tokens, "refresh_token")).statusCode()).isEqualTo(400);
    assertThat(answer(authorize())).containsEntry("error", "unauthorized_client");
    company.step("agents", "agent", "retire");
    assertThat(answer(authorize())).containsEntry("error", "unauthorized_client");
    assertThat(notebooks()).as("it does not come back as another").hasSize(1);
  }

  @Test
  void isNoOneElses() {
    adopt();
    register("other");
    var asked = flow.authorize("client_id", "<other>", "requested_actor", "<agent>");
    var code = answer(flow.decide(asked, "allow", READING)).getOrDefault("code", "");
    assertThat(flow.error(redeem("other", code))).isEqualTo("invalid_request");
    var own = code();
    assertThat(flow.error(redeem("other", own))).isEqualTo("invalid_grant");
    var doubled =
        token(
            "notebook",
            "grant_type",
            "authorization_code",
            "code",
            own,
            "code_verifier",
            CodeFlow.VERIFIER,
            "actor_token",
            "a.b.c");
    assertThat(flow.error(doubled)).isEqualTo("invalid_request");
    assertThat(
            flow.error(
                token("notebook", "grant_type", "client_credentials", "resource", Company.CRM)))
        .as("an application gets nothing for itself")
        .isNotEmpty();
  }

  @Test
  void doesNotTakeItsPersonsOwnPermissionsForItsOwn() {
    adopt();
    assertThat(answer(authorize("scope", "tickets.close")))
        .as("the person may, the agent may not")
        .containsEntry("error", "invalid_scope");
  }

  @Test
  void signingInMakesNobodyAnAgent() {
    var asked = authorize("resource", "", "scope", "openid");
    assertThat(CodeFlow.location(asked)).startsWith("/consent");
    assertThat(notebooks()).isEmpty();
    assertThat(CodeFlow.location(flow.authorize()))
        .as("nor whom an administrator registered")
        .startsWith("/consent");
    assertThat(company.server.get("/api/v1/agents", company.token).body())
        .doesNotContain("discovered");
  }
}
