package io.prokura.app;

import static io.prokura.app.Office.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prokura.json.Json;
import io.prokura.kernel.Outage;
import io.prokura.sql.Database;
import io.prokura.sql.TestDatabases;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// A server whose disk is full gives nothing away that is not on record, still answers what it can
/// read, says that it is not ready, and goes on by itself when there is room again.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FullDiskTest {
  private static final int FILLING_MAX = 500;

  private final Database database = TestDatabases.sqlite();
  private final Path folder = TestDatabases.folder();
  private final TestServer server =
      TestServer.start(database, folder, TestServer.systemWorld(), "");
  private final Office office = Office.at(server);
  private final String operator = server.operatorToken();

  @BeforeEach
  void begin() {
    giveRoom();
    Eventually.holds("a server that is ready", server::ready);
  }

  @AfterAll
  void end() {
    server.close();
  }

  @Test
  void knowsItBeforeAnybodyAsksAnswersNothingAndGoesOnWhenThereIsRoom() {
    var delegated = token(server, office.delegated(server));
    var handOver = token(server, office.handOver(server, delegated));
    int before = items("/api/v1/users").size();
    fill();
    Eventually.holds("a server that knows its disk is full", () -> !server.ready());
    // From now on the server's own check finds no room that it would give back.
    fill();
    var answered = new ArrayList<Json.Obj>();
    answered.addAll(untilRefused(_ -> office.own(server, office.triage())));
    answered.addAll(untilRefused(_ -> office.delegated(server)));
    answered.addAll(untilRefused(_ -> office.handOver(server, delegated)));
    answered.addAll(untilRefused(_ -> office.decide(server, "user", office.alice(), delegated)));
    var users = untilRefused(this::user);
    var steps = untilRefused(i -> step(i % 2 == 0 ? "suspend" : "resume"));
    var kills = untilRefused(_ -> step("kill"));
    Outages.refused(office.take(server, handOver));

    assertThat(office.isActive(server, delegated)).isTrue();
    assertThat(items("/api/v1/cutoffs")).hasSize(kills.size());
    assertThat(items("/api/v1/users")).hasSize(before + users.size());
    assertThat(agentState().equals("active")).isEqualTo(kills.isEmpty() && steps.size() % 2 == 0);
    for (var path : List.of("/oauth2/jwks", "/log/checkpoint", "/health/live", "/metrics")) {
      assertThat(server.send(HttpRequest.newBuilder(server.uri(path))).statusCode()).isEqualTo(200);
    }

    giveRoom();
    Eventually.holds("a server that knows of the new room", server::ready);
    answered.add(Office.answer(server, office.take(server, handOver)));
    answered.add(Office.answer(server, office.own(server, office.triage())));
    assertThat(user(users.size()).statusCode()).isEqualTo(201);
    var killed = office.step(server, operator, office.triage().id(), "kill");
    assertThat(killed.statusCode()).isEqualTo(200);
    assertThat(office.isActive(server, delegated)).isFalse();
    assertThat(office.step(server, operator, office.triage().id(), "resume").statusCode())
        .isEqualTo(200);
    var ids = answered.stream().map(FullDiskTest::recorded).toList();
    var auditor = new Auditor(server, ids.getFirst());
    auditor.findsAll(server, ids);
    auditor.findsLogIntact(server);
  }

  /// Room is left, but only what is kept back: what ends something gets through, nothing else does.
  @Test
  void keepsRoomForWhatEndsSomethingAndForTheOperator() {
    if (!agentState().equals("active")) {
      assertThat(step("resume").statusCode()).isEqualTo(200);
    }
    var delegated = token(server, office.delegated(server));
    var victims = token(server, office.own(server, office.victim()));
    var revoked = token(server, office.own(server, office.triage()));
    urgently("CREATE TABLE IF NOT EXISTS ballast (bytes BLOB)");
    pagesMax((int) used() + 400);
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < FILLING_MAX; i++) {
                database.inTransaction(tx -> tx.run("INSERT INTO ballast VALUES (zeroblob(8000))"));
              }
            })
        .isInstanceOf(Outage.class)
        .hasMessageContaining("kept for what is urgent");

    Outages.refused(office.own(server, office.triage()));
    Outages.refused(office.delegated(server));
    Outages.refused(office.handOver(server, delegated));
    Outages.refused(office.decide(server, "user", office.alice(), delegated));
    Outages.refused(user(1));
    Eventually.holds("a server that knows its disk is almost full", () -> !server.ready());
    var anew = server.operatorToken();
    for (int i = 0; i < 3; i++) {
      var killed = Office.answer(server, office.step(server, anew, office.lookup().id(), "kill"));
      assertThat(killed.number("cutoff")).isPresent();
    }
    assertThat(step("kill").statusCode()).isEqualTo(200);
    assertThat(office.isActive(server, victims)).isFalse();
    assertThat(office.revoke(server, office.triage(), revoked).statusCode()).isEqualTo(200);
    assertThat(office.isActive(server, revoked)).isFalse();
    Outages.refused(office.revoke(server, office.triage(), revoked));
    assertThat(office.step(server, anew, office.triage().id(), "suspend").statusCode())
        .isEqualTo(200);
    Outages.refused(office.step(server, anew, office.triage().id(), "resume"));

    giveRoom();
    Eventually.holds("a server that knows of the new room", server::ready);
    for (var agent : List.of(office.triage(), office.lookup(), office.victim())) {
      assertThat(office.step(server, operator, agent.id(), "resume").statusCode()).isEqualTo(200);
    }
    assertThat(office.decide(server, "user", office.alice(), delegated).statusCode())
        .isEqualTo(200);
    new Auditor(server, office.delegation()).findsLogIntact(server);
  }

  private long used() {
    return database.<Long>read(
        tx -> tx.one("PRAGMA page_count", row -> row.number(1)).orElseThrow());
  }

  /// The other disk: the one with the checkpoint that is kept outside the database.
  @Test
  void publishesNothingThatItCannotKeepOutside() throws IOException {
    var auditor = new Auditor(server, office.delegation());
    var state = folder.resolve("state");
    var aside = folder.resolve("aside");
    Files.move(state, aside);
    Files.writeString(state, "no folder");
    var kept = Files.readString(aside.resolve("checkpoint"));
    var entry = recorded(Office.answer(server, office.own(server, office.triage())));
    Eventually.holds("a server that knows it cannot publish", () -> !server.ready());
    assertThat(checkpoint()).isEqualTo(kept);
    var receipt = server.get("/api/v1/audit/" + entry + "/receipt", operator);
    assertThat(receipt.body()).contains("pending");
    Files.delete(state);
    Files.move(aside, state);
    Eventually.holds("a server that publishes again", server::ready);
    auditor.findsAll(server, List.of(entry));
    assertThat(checkpoint()).isNotEqualTo(kept);
  }

  private String checkpoint() {
    return server.send(HttpRequest.newBuilder(server.uri("/log/checkpoint"))).body();
  }

  private HttpResponse<String> user(int number) {
    var body = Json.object().put("userName", "user" + number).build();
    return server.post("/api/v1/users", operator, body);
  }

  private HttpResponse<String> step(String step) {
    return office.step(server, operator, office.victim().id(), step);
  }

  /// Asks until the disk is too full to answer. Returns what was answered until then.
  private List<Json.Obj> untilRefused(IntFunction<HttpResponse<String>> request) {
    var answers = new ArrayList<Json.Obj>();
    for (int i = 0; i < FILLING_MAX; i++) {
      var response = request.apply(i);
      if (response.statusCode() / 100 != 2) {
        Outages.refused(response);
        return answers;
      }
      answers.add(server.object(response.body()));
    }
    throw new AssertionError("the disk does not fill");
  }

  /// The id of the entry or of the decision in an answer.
  private static String recorded(Json.Obj answer) {
    return answer
        .text("entry")
        .or(() -> answer.object("context").flatMap(context -> context.text("id")))
        .orElseThrow();
  }

  private String agentState() {
    var response = server.get("/api/v1/agents/" + office.victim().id(), operator);
    return Office.answer(server, response).text("state").orElseThrow();
  }

  private List<Json> items(String path) {
    var answer = Office.answer(server, server.get(path, operator));
    return ((Json.Arr) answer.get("items").orElseThrow()).items();
  }

  /// Lets the file grow no further. SQLite takes no bound below the size it has.
  private void takeAllRoom() {
    pagesMax(1);
  }

  /// Uses up the room there is inside the file.
  private void fill() {
    urgently("CREATE TABLE IF NOT EXISTS ballast (bytes BLOB)");
    takeAllRoom();
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < FILLING_MAX; i++) {
                urgently("INSERT INTO ballast VALUES (zeroblob(8000))");
              }
            })
        .isInstanceOf(Outage.class);
  }

  /// Does it in the room that is kept back from others, too.
  private void urgently(String sql) {
    database.inTransaction(
        tx -> {
          tx.makeUrgent();
          return tx.run(sql);
        });
  }

  private void giveRoom() {
    pagesMax(1_000_000);
  }

  private void pagesMax(int pages) {
    database.inTransaction(
        tx -> {
          tx.makeUrgent();
          return tx.one("PRAGMA max_page_count = " + pages, row -> row.number(1)).orElseThrow();
        });
  }
}
