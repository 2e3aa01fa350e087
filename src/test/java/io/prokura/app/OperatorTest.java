package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Whoever owns the machine can always manage the server, whatever those who manage it do.
final class OperatorTest {

  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /// The thing of a list whose member has this value.
  private static Json.Obj find(String path, String name, String value) {
    var page = server.object(server.get(path, server.operatorToken()).body());
    return objects(page, "items").stream()
        .filter(one -> one.text(name).filter(value::equals).isPresent())
        .findFirst()
        .orElseThrow();
  }

  private static List<Json.Obj> objects(Json.Obj body, String name) {
    return body.get(name).orElseThrow() instanceof Json.Arr(var items)
        ? items.stream().map(Json.Obj.class::cast).toList()
        : List.of();
  }

  private static int put(String path, String token, Json body) {
    var shown = server.get(path, token);
    return server
        .send(
            HttpRequest.newBuilder(server.uri(path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .header("If-Match", shown.headers().firstValue("ETag").orElseThrow())
                .PUT(BodyPublishers.ofString(body.toText())))
        .statusCode();
  }

  private static Json reason() {
    return Json.object().put("reason", "test").build();
  }

  @Test
  void theServersOwnApisAreThereFromTheStart() {
    for (var path : List.of("/api/v1", "/access/v1")) {
      var api = find("/api/v1/resources", "identifier", server.issuer() + path);
      assertThat(objects(api, "actions")).hasSize(1);
      assertThat(api.texts("enforcers")).contains(List.of());
    }
  }

  @Test
  void aRegistrarThatTakesEverythingAwayLocksOutNobodyButItself() {
    var operator = find("/api/v1/users", "userName", "operator").text("id").orElseThrow();
    var api = find("/api/v1/resources", "identifier", server.issuer() + "/api/v1");
    var registrar = registrar(operator, api.text("id").orElseThrow());
    var token = token(registrar);
    for (var holder : List.of(operator, registrar.id())) {
      var held = find("/api/v1/permissions", "principal", holder);
      var path = "/api/v1/permissions/" + held.text("id").orElseThrow() + "/revoke";
      assertThat(server.post(path, token, reason()).statusCode()).isEqualTo(200);
      assertThat(server.get("/api/v1/agents", server.operatorToken()).statusCode()).isEqualTo(200);
    }
    assertThat(server.get("/api/v1/agents", token).statusCode()).isEqualTo(403);
  }

  private record Registrar(String id, String secret) {}

  private static Registrar registrar(String owner, String api) {
    var admin = server.operatorToken();
    var workload =
        Json.object()
            .put("name", "registry")
            .put("owner", owner)
            .put("roles", List.of("registrar"))
            .build();
    var id = server.done("/api/v1/workloads", admin, workload).text("id").orElseThrow();
    var kind = Json.object().put("kind", "secret").build();
    var secret = server.done("/api/v1/workloads/" + id + "/credentials", admin, kind);
    var permission =
        Json.object()
            .put("principal", id)
            .put("resource", api)
            .put("actions", List.of("manage"))
            .put("mode", "own")
            .build();
    server.done("/api/v1/permissions", admin, permission);
    return new Registrar(id, secret.text("secret").orElseThrow());
  }

  private static String token(Registrar registrar) {
    var form = "grant_type=client_credentials&resource=" + server.issuer() + "/api/v1";
    var answer = server.form("/oauth2/token", registrar.id(), registrar.secret(), form);
    return server.object(answer.body()).text("access_token").orElseThrow();
  }

  @Test
  void whoeverIsRenamedIsNoLongerTheOperatorAndThereIsOneAgain() {
    var renamed = find("/api/v1/users", "userName", "operator").text("id").orElseThrow();
    var body = Json.object().put("userName", "dana").put("roles", List.of("administrator")).build();
    assertThat(put("/api/v1/users/" + renamed, server.operatorToken(), body)).isEqualTo(200);
    var operator = find("/api/v1/users", "userName", "operator");
    assertThat(operator.text("id")).isNotEqualTo(Optional.of(renamed));
    assertThat(operator.texts("roles")).contains(List.of("administrator"));
  }
}
