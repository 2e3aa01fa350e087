package io.prokura.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import io.prokura.sql.Contents;
import io.prokura.sql.Database;
import java.net.http.HttpResponse;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// A change with an `Idempotency-Key` is done once however often it is asked for, over HTTP. A
/// subclass names the database.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RepetitionContract {
  private Database database;
  private Company company;

  abstract Database database();

  @BeforeAll
  void found() {
    database = database();
    company = Company.found(database);
  }

  @AfterAll
  void close() {
    company.close();
  }

  private HttpResponse<String> post(String path, String token, String key, String body) {
    return company.server.send(
        "POST",
        "/api/v1/" + path,
        token,
        Map.of("Idempotency-Key", key),
        company.json(body).toText());
  }

  private HttpResponse<String> post(String path, String key, String body) {
    return post(path, company.token, key, body);
  }

  private long clientsNamed(String name) {
    var listed = company.server.get("/api/v1/clients?limit=200", company.token);
    var items = (Json.Arr) company.server.object(listed.body()).get("items").orElseThrow();
    return items.items().stream()
        .filter(item -> ((Json.Obj) item).text("name").equals(Optional.of(name)))
        .count();
  }

  private static String client(String name) {
    return "{'name': '%s', 'everything': true}".formatted(name);
  }

  @Test
  void theSecondTimeTheFirstAnswerIsGiven() {
    var first = post("clients", "twice", client("twice"));
    var second = post("clients", "twice", client("twice"));
    assertThat(first.statusCode()).isEqualTo(201);
    assertSame(first, second);
    assertSame(first, post("clients", "twice", "{'everything': true, 'name': 'twice'}"));
    assertThat(clientsNamed("twice")).isEqualTo(1);
  }

  private static void assertSame(HttpResponse<String> first, HttpResponse<String> second) {
    assertThat(second.statusCode()).isEqualTo(first.statusCode());
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(second.headers().firstValue("ETag")).isEqualTo(first.headers().firstValue("ETag"));
  }

  @Test
  void atOnceTheChangeIsMadeOnceAndEveryAnswerIsTheSame() {
    var answers = Together.call(5, () -> post("clients", "at-once", client("at-once")));
    assertThat(answers.getFirst().statusCode()).isEqualTo(201);
    answers.forEach(answer -> assertSame(answers.getFirst(), answer));
    assertThat(clientsNamed("at-once")).isEqualTo(1);
  }

  @Test
  void anotherBodyUnderTheSameKeyIsRefused() {
    post("clients", "other-body", client("first"));
    var other = post("clients", "other-body", client("second"));
    assertThat(other.statusCode()).isEqualTo(422);
    assertThat(other.body()).contains("\"code\":\"idempotency-key-reused\"");
    assertThat(clientsNamed("second")).isZero();
  }

  @Test
  void otherBodiesAtOnceMakeOneChange() {
    var bodies =
        Together.call(
            List.<Callable<Integer>>of(
                () -> post("clients", "race", client("race a")).statusCode(),
                () -> post("clients", "race", client("race b")).statusCode()));
    assertThat(bodies).containsExactlyInAnyOrder(201, 422);
    assertThat(clientsNamed("race a") + clientsNamed("race b")).isEqualTo(1);
  }

  @Test
  void aKeyIsOneCallersOnOneRoute() {
    company.make(
        "robot", "workloads", "{'name': 'robot', 'owner': '<dana>', 'roles': ['administrator']}");
    company.secret("robot", "workloads");
    company.permit("robot", "management-api", "['manage']", "own");
    var token =
        company.granted(
            "robot", "grant_type=client_credentials&resource=http://localhost:8420/api/v1");
    var mine = post("clients", "shared", client("shared"));
    var robots = post("clients", token, "shared", client("shared"));
    assertThat(robots.statusCode()).isEqualTo(201);
    assertThat(robots.body()).isNotEqualTo(mine.body());
    assertThat(clientsNamed("shared")).isEqualTo(2);
    assertThat(post("groups", "shared", "{'name': 'shared', 'members': []}").statusCode())
        .isEqualTo(201);
  }

  @Test
  void aRefusalIsNotKept() {
    var path = "agents/" + company.id("lookup") + "/resume";
    assertThat(post(path, "retry", "{'reason': 'a test'}").statusCode()).isEqualTo(409);
    company.step("agents", "lookup", "suspend");
    assertThat(post(path, "retry", "{'reason': 'a test'}").statusCode()).isEqualTo(200);
    assertThat(post(path, "retry", "{'reason': 'a test'}").statusCode()).isEqualTo(200);
    assertThat(post(path, "again", "{'reason': 'a test'}").statusCode()).isEqualTo(409);
  }

  @Test
  void aSecretIsAnsweredAgainAndKeptEncryptedOnly() {
    var path = "clients/" + company.id("console") + "/credentials";
    var first = post(path, "secret", "{'kind': 'secret'}");
    assertSame(first, post(path, "secret", "{'kind': 'secret'}"));
    var secret = company.server.object(first.body()).text("secret").orElseThrow();
    var hex = HexFormat.of().formatHex(secret.getBytes(UTF_8));
    var stored = Contents.of(database);
    assertThat(stored.get("idempotent_reply")).contains(path);
    assertThat(stored.values())
        .noneMatch(table -> table.contains(secret) || table.toLowerCase(Locale.ROOT).contains(hex));
  }
}
