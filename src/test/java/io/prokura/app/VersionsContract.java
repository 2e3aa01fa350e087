package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import io.prokura.sql.Database;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Two callers who change one thing know of each other, over HTTP, for every kind of thing that has
/// versions. A subclass names the database.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class VersionsContract {
  private static final int ROUNDS = 3;
  private static final int WRITERS = 3;

  private Company company;

  abstract Database database();

  @BeforeAll
  void found() {
    company = Company.foundCompatible(database(), TestServer.systemWorld());
  }

  @AfterAll
  void close() {
    company.close();
  }

  private HttpResponse<String> get(String path) {
    return company.server.get("/api/v1/" + path, company.token);
  }

  private HttpResponse<String> put(String path, Map<String, String> headers, Json body) {
    return company.server.send("PUT", "/api/v1/" + path, company.token, headers, body.toText());
  }

  private static Map<String, String> match(HttpResponse<String> read) {
    return Map.of("If-Match", etag(read));
  }

  private static String etag(HttpResponse<String> response) {
    return response.headers().firstValue("ETag").orElseThrow();
  }

  /// What was read as it can be written, with one member changed.
  private Json.Obj changed(HttpResponse<String> read, String member, Json value) {
    var members = new LinkedHashMap<>(company.server.object(read.body()).members());
    List.of("id", "state", "active").forEach(members::remove);
    members.put(member, value);
    return new Json.Obj(members);
  }

  @ParameterizedTest
  @CsvSource({
    "users, alice, displayName",
    "groups, support, name",
    "workloads, crm-server, description",
    "agents, triage, description",
    "clients, console, name",
    "trusted-issuers, idp, name",
    "resources, crm, name",
    "purposes, work, description"
  })
  void ofTwoChangesAtOnceOneIsMadeAndTheOtherIsToldSo(String kind, String name, String member) {
    var path = kind + "/" + company.id(name);
    for (int round = 0; round < ROUNDS; round++) {
      var read = get(path);
      var left = changed(read, member, Json.text("left " + round));
      var right = changed(read, member, Json.text("right " + round));
      var answers =
          Together.call(
              List.<Callable<HttpResponse<String>>>of(
                  () -> put(path, match(read), left), () -> put(path, match(read), right)));
      assertThat(answers.stream().map(HttpResponse::statusCode))
          .containsExactlyInAnyOrder(200, 412);
      boolean leftWon = answers.getFirst().statusCode() == 200;
      var winner = leftWon ? answers.getFirst() : answers.getLast();
      var now = get(path);
      assertThat(now.body()).isEqualTo(winner.body());
      assertThat(etag(now)).isEqualTo(etag(winner)).isNotEqualTo(etag(read));
      assertThat(company.server.object(now.body()).text(member))
          .contains((leftWon ? "left " : "right ") + round);
      var loser = leftWon ? answers.getLast() : answers.getFirst();
      assertThat(loser.body()).contains("\"code\":\"precondition-stale\"");
      assertThat(put(path, Map.of(), left).statusCode()).isEqualTo(428);
      assertThat(put(path, match(read), left).statusCode()).isEqualTo(412);
    }
  }

  @Test
  void whatIsMadeIsShownAgainAsItWasAnswered() {
    int made = 0;
    for (var row : TestServer.routes()) {
      if (row.method().equals("POST") && row.path().matches("/api/v1/[a-z]+")) {
        var draft = Draft.of(row, company);
        var exact = draft.text().replace("00:00:00Z", "00:00:00.123456789Z");
        var answer = draft.body(exact).send(company.server);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        var id = company.server.object(answer.body()).text("id").orElseThrow();
        var shown = company.server.get(row.path() + "/" + id, company.token);
        assertThat(shown.body()).isEqualTo(answer.body());
        assertThat(shown.headers().firstValue("ETag"))
            .isEqualTo(answer.headers().firstValue("ETag"));
        made++;
      }
    }
    assertThat(made).isGreaterThanOrEqualTo(9);
  }

  @Test
  void noChangeOfSeveralWritersIsLost() {
    company.agent("writing", "['<work>']");
    var path = "agents/" + company.id("writing");
    List<Callable<Boolean>> writers =
        IntStream.range(0, WRITERS)
            .mapToObj(
                writer ->
                    (Callable<Boolean>)
                        () -> {
                          for (int round = 0; round < ROUNDS; round++) {
                            add(path, writer + "-" + round);
                          }
                          return true;
                        })
            .toList();
    assertThat(Together.call(writers)).containsOnly(true);
    assertThat(company.server.object(get(path).body()).texts("capabilities").orElseThrow())
        .hasSize(WRITERS * ROUNDS)
        .doesNotHaveDuplicates();
  }

  /// Adds to what is there, and again to what is there then, until nobody was faster.
  private void add(String path, String capability) {
    for (int tries = 0; tries < 1_000; tries++) {
      var read = get(path);
      var more =
          new ArrayList<>(company.server.object(read.body()).texts("capabilities").orElseThrow());
      more.add(capability);
      var answer = put(path, match(read), changed(read, "capabilities", Json.texts(more)));
      if (answer.statusCode() == 200) {
        return;
      }
      assertThat(answer.statusCode()).isEqualTo(412);
    }
    throw new AssertionError("never the fastest");
  }

  @Test
  void aStepInAnAgentsLifeIsTakenOnce() {
    company.agent("stepping", "['<work>']");
    var path = "/api/v1/agents/" + company.id("stepping") + "/suspend";
    var reason = company.json("{'reason': 'a test'}");
    var answers = Together.call(4, () -> company.server.post(path, company.token, reason));
    assertThat(answers.stream().map(HttpResponse::statusCode))
        .containsExactlyInAnyOrder(200, 409, 409, 409);
  }

  @Test
  void aGroupIsDeletedOnce() {
    company.make("passing", "groups", "{'name': 'passing', 'members': ['<alice>']}");
    var path = "/api/v1/groups/" + company.id("passing");
    var server = company.server;
    assertThat(server.send("DELETE", path, company.token, Map.of(), "").statusCode())
        .isEqualTo(428);
    assertThat(
            server
                .send("DELETE", path, company.token, Map.of("If-Match", "\"9\""), "")
                .statusCode())
        .isEqualTo(412);
    var match = match(server.get(path, company.token));
    var answers =
        Together.call(2, () -> server.send("DELETE", path, company.token, match, "").statusCode());
    assertThat(answers).containsExactlyInAnyOrder(200, 404);
  }
}
