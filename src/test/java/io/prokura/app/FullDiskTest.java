package io.prokura.app;

import static io.prokura.app.Office.token;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import io.prokura.sql.Database;
import io.prokura.sql.TestDatabases;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A server whose disk is full gives nothing away that is not on record, still answers what it can
/// read, says that it is not ready, and goes on by itself when there is room again.
final class FullDiskTest {
  private static final int FILLING_MAX = 500;

  private final Database database = TestDatabases.sqlite();
  private final TestServer server =
      TestServer.start(database, TestDatabases.folder(), TestServer.systemWorld(), "");
  private final Office office = Office.at(server);
  private final String operator = server.operatorToken();

  @AfterEach
  void end() {
    server.close();
  }

  @Test
  void isNotReadyAlthoughNobodyAsksForAnything() {
    assertThat(server.ready()).isTrue();
    takeAllRoom();
    Eventually.holds("a server that knows its disk is full", () -> !server.ready());
    giveRoom();
    Eventually.holds("a server that knows of the new room", server::ready);
  }

  @Test
  void answersNothingThatItCannotRecordAndGoesOnWhenThereIsRoom() {
    var delegated = token(server, office.delegated(server));
    var handOver = token(server, office.handOver(server, delegated));
    var entries = new ArrayList<String>();
    takeAllRoom();
    untilRefused(entries, "entry", () -> office.own(server, office.triage()));
    untilRefused(entries, "entry", () -> office.delegated(server));
    untilRefused(entries, "entry", () -> office.handOver(server, delegated));
    untilRefused(entries, "id", () -> decide(delegated));
    Outages.refused(office.take(server, handOver));
    Outages.refused(office.revoke(server, office.triage(), delegated));
    var carol = Json.object().put("userName", "carol").build();
    Outages.refused(server.post("/api/v1/users", operator, carol));
    Outages.refused(office.step(server, operator, office.victim().id(), "suspend"));
    Outages.refused(office.step(server, operator, office.victim().id(), "kill"));

    assertThat(office.isActive(server, delegated)).isTrue();
    assertThat(agentState()).isEqualTo("active");
    assertThat(cutOffs()).isEmpty();
    for (var path : List.of("/oauth2/jwks", "/log/checkpoint", "/health/live", "/metrics")) {
      assertThat(server.send(HttpRequest.newBuilder(server.uri(path))).statusCode()).isEqualTo(200);
    }

    giveRoom();
    entries.add(entry(office.take(server, handOver)));
    entries.add(entry(office.own(server, office.triage())));
    entries.add(server.done("/api/v1/users", operator, carol).text("id").orElseThrow());
    var killed = office.step(server, operator, office.triage().id(), "kill");
    assertThat(killed.statusCode()).isEqualTo(200);
    assertThat(office.isActive(server, delegated)).isFalse();
    var auditor = new Auditor(server, entries.getFirst());
    auditor.findsAll(server, entries.subList(0, entries.size() - 1));
    auditor.findsLogIntact(server);
  }

  private HttpResponse<String> decide(String token) {
    return office.decide(server, "user", office.alice(), token);
  }

  /// Asks until the disk is too full to answer; what was answered until then is on record.
  private void untilRefused(
      List<String> entries, String id, Supplier<HttpResponse<String>> request) {
    for (int i = 0; i < FILLING_MAX; i++) {
      var response = request.get();
      if (response.statusCode() != 200) {
        Outages.refused(response);
        return;
      }
      var answer = server.object(response.body());
      entries.add(answer.object("context").orElse(answer).text(id).orElseThrow());
    }
    throw new AssertionError("the disk does not fill");
  }

  private String entry(HttpResponse<String> response) {
    return Office.answer(server, response).text("entry").orElseThrow();
  }

  private String agentState() {
    var response = server.get("/api/v1/agents/" + office.victim().id(), operator);
    return Office.answer(server, response).text("state").orElseThrow();
  }

  private List<Json> cutOffs() {
    var answer = Office.answer(server, server.get("/api/v1/cutoffs", operator));
    return ((Json.Arr) answer.get("items").orElseThrow()).items();
  }

  /// Lets the file grow no further. SQLite takes no bound below the size it has.
  private void takeAllRoom() {
    pagesMax(1);
  }

  private void giveRoom() {
    pagesMax(1_000_000);
  }

  private void pagesMax(int pages) {
    database.inTransaction(
        tx -> tx.one("PRAGMA max_page_count = " + pages, row -> row.number(1)).orElseThrow());
  }
}
