package io.prokura.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.app.TestServer;
import io.prokura.cli.HttpCaller;
import io.prokura.json.Json;
import io.prokura.kernel.World;
import io.prokura.sql.TestDatabases;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/// An authorization server, a CRM that trusts it, a second resource, and agents that may read
/// tickets and contacts of both.
final class Desk implements AutoCloseable {
  static final String OTHER = "https://other.example/mcp";

  private static final Json REASON = Json.object().put("reason", "a test").build();

  final TestServer server = TestServer.startAtIssuer(TestServer.systemWorld(), "");
  final Crm crm;
  final String operator = server.operatorToken();

  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
  private final HttpCaller http = new HttpCaller();
  private final Stage stage;
  private final String owner;
  private final String backup;
  private final String resource;
  private final String other;
  private final String purpose;

  /// An agent with a secret.
  ///
  /// @param permission its permission to use the CRM
  record Agent(String id, String secret, String permission) {}

  Desk() {
    var folder = TestDatabases.folder();
    var world = new World(() -> Instant.now().plus(ahead.get()), new SecureRandom());
    stage = Stage.of(world, http, server.issuer(), folder, folder);
    owner = made("users", Json.object().put("userName", "dana"));
    backup = made("users", Json.object().put("userName", "bruno"));
    var workload = made("workloads", Json.object().put("name", "CRM").put("owner", owner));
    crm = new Crm(stage, workload, secret("workloads", workload));
    resource = resource(crm.identifier(), workload, List.of("Ticket", "Contact"));
    other = resource(OTHER, workload, List.of("Invoice"));
    purpose =
        made(
            "purposes",
            Json.object()
                .put("name", "support")
                .put("owner", owner)
                .put("covers", Json.array(List.of(covered(resource), covered(other)))));
  }

  private static Json covered(String resource) {
    return Json.object().put("resource", resource).put("actions", actions()).build();
  }

  private static List<String> actions() {
    return List.of(Cast.TICKETS_READ, Cast.CONTACTS_READ);
  }

  private String resource(String identifier, String enforcer, List<String> types) {
    var described =
        actions().stream()
            .map(name -> Json.object().put("name", name).put("sensitivity", "low").build())
            .toList();
    return made(
        "resources",
        Json.object()
            .put("identifier", identifier)
            .put("name", identifier)
            .put("types", types)
            .put("actions", Json.array(described))
            .put("enforcers", List.of(enforcer)));
  }

  private String made(String things, Json.Builder body) {
    return server.done("/api/v1/" + things, operator, body.build()).text("id").orElseThrow();
  }

  private String secret(String things, String id) {
    var path = "/api/v1/" + things + "/" + id + "/credentials";
    var made = server.done(path, operator, Json.object().put("kind", "secret").build());
    return made.text("secret").orElseThrow();
  }

  /// A new agent.
  Agent agent(String name) {
    var id =
        made(
            "agents",
            Json.object()
                .put("name", name)
                .put("owner", owner)
                .put("backupOwner", backup)
                .put("purposes", List.of(purpose))
                .put("environment", "production")
                .put("risk", "low")
                .put("bearerTokens", true));
    server.done("/api/v1/agents/" + id + "/activate", operator, REASON);
    permitted(id, other);
    return new Agent(id, secret("agents", id), permitted(id, resource));
  }

  private String permitted(String agent, String resource) {
    return made(
        "permissions",
        Json.object()
            .put("principal", agent)
            .put("resource", resource)
            .put("actions", actions())
            .put("mode", "own"));
  }

  /// Does something to an agent, or to what it has.
  void done(String path) {
    server.done("/api/v1/" + path, operator, REASON);
  }

  /// A token for `audience` with these scopes, in the usual way.
  String token(Agent agent, String audience, String scope) {
    return token(agent, audience, scope, "Accept", "application/json");
  }

  /// The same, with a header besides.
  String token(Agent agent, String audience, String scope, String header, String value) {
    var form =
        "grant_type=client_credentials&resource=%s&scope=%s"
            .formatted(URLEncoder.encode(audience, UTF_8), URLEncoder.encode(scope, UTF_8));
    var basic = agent.id() + ":" + agent.secret();
    var response =
        server.send(
            HttpRequest.newBuilder(URI.create(server.issuer() + "/oauth2/token"))
                .header(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(basic.getBytes(UTF_8)))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header(header, value)
                .POST(BodyPublishers.ofString(form)));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return server.object(response.body()).text("access_token").orElseThrow();
  }

  /// From now on the clock of the CRM goes ahead.
  void ahead(Duration time) {
    ahead.set(time);
  }

  Stage stage() {
    return stage;
  }

  URI at(String path) {
    return URI.create(crm.origin() + path);
  }

  /// A message to the CRM, as an MCP client sends it.
  HttpRequest.Builder message(String token, String body) {
    var request =
        HttpRequest.newBuilder(at("/mcp"))
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .POST(BodyPublishers.ofString(body));
    return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
  }

  HttpResponse<String> call(String token, Tool tool, String object) {
    var params =
        Json.object().put("name", tool.action()).put("arguments", tool.arguments(object)).build();
    return server.send(message(token, request("tools/call", params)));
  }

  static String request(String method, Json params) {
    return Json.object()
        .put("jsonrpc", "2.0")
        .put("id", 1)
        .put("method", method)
        .put("params", params)
        .build()
        .toText();
  }

  @Override
  public void close() {
    crm.close();
    http.close();
    server.close();
  }
}
