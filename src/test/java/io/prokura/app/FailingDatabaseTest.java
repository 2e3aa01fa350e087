package io.prokura.app;

import static io.prokura.app.Office.token;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import io.prokura.kernel.World;
import io.prokura.sql.FaultyDatabase;
import io.prokura.sql.FaultyDatabase.Fault;
import io.prokura.sql.SqliteDatabase;
import io.prokura.sql.TestDatabases;
import io.prokura.tlog.Seeded;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// A whole server on a database that fails before the work, before the commit, or after it: it
/// gives nothing away that is not on record, leaves nothing half done, tells nothing of what
/// happened inside, says that it is not ready, and comes back by itself.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FailingDatabaseTest {
  private static final Json EMPTY = Json.object().build();

  private final Path folder = TestDatabases.folder();
  private final FaultyDatabase database =
      new FaultyDatabase(SqliteDatabase.open(folder.resolve("data"), 1_000_000));
  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
  private final World world = new World(() -> Instant.now().plus(ahead.get()), new SecureRandom());
  private final TestServer server = TestServer.start(database, folder, world, "");
  private final Office office = Office.at(server);
  private final String operator = server.operatorToken();
  private String delegated = "";
  private String handOver = "";

  @BeforeEach
  void begin() {
    database.heal();
    Eventually.holds("a server that is ready", server::ready);
    assertThat(step("resume").statusCode()).isIn(200, 409);
    delegated = token(server, office.delegated(server));
    handOver = token(server, office.handOver(server, delegated));
  }

  @AfterAll
  void end() {
    server.close();
  }

  /// Everything that has to be on record before it is answered.
  private Map<String, Supplier<HttpResponse<String>>> writing() {
    var all = new LinkedHashMap<String, Supplier<HttpResponse<String>>>();
    all.put("own token", () -> office.own(server, office.triage()));
    all.put("token by assertion", () -> office.own(server, office.assertion()));
    all.put("refusal", () -> office.take(server, delegated));
    all.put("delegated token", () -> office.delegated(server));
    all.put("hand-over", () -> office.handOver(server, delegated));
    all.put("taken token", () -> office.take(server, handOver));
    all.put("transaction token", () -> office.transaction(server, delegated));
    all.put("decision", () -> office.decide(server, "user", office.alice(), delegated));
    all.put("user", () -> user("carol"));
    all.put("rotation", () -> server.post("/api/v1/keys/rotate", operator, EMPTY));
    all.put("suspension", () -> step("suspend"));
    all.put("kill", () -> step("kill"));
    all.put("revocation", () -> office.revoke(server, office.triage(), delegated));
    return all;
  }

  private HttpResponse<String> step(String step) {
    return office.step(server, operator, office.victim().id(), step);
  }

  /// Registers a user; repeated, it is done once.
  private HttpResponse<String> user(String name) {
    return server.send(
        HttpRequest.newBuilder(server.uri("/api/v1/users"))
            .header("Authorization", "Bearer " + operator)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", name)
            .POST(BodyPublishers.ofString("{\"userName\":\"" + name + "\"}")));
  }

  @Test
  void leavesNothingOfWhatFailedBeforeItsCommit() throws Exception {
    for (var fault : List.of(Fault.BEFORE, Fault.BEFORE_COMMIT)) {
      database.fail(fault, false);
      var before = stored();
      writing().forEach((what, request) -> Outages.refused(request.get()));
      assertThat(office.isActive(server, delegated)).isTrue();
      assertThat(stored()).as("what is stored, to the byte").isEqualTo(before);
      Eventually.holds("a server that knows it cannot write", () -> !server.ready());
      assertThat(stored()).isEqualTo(before);
      database.heal();
      Eventually.holds("a server that knows it can write", server::ready);
    }
    writing()
        .forEach(
            (what, request) ->
                assertThat(request.get().statusCode())
                    .as(what)
                    .isEqualTo(
                        switch (what) {
                          case "refusal" -> 400;
                          case "user" -> 201;
                          default -> 200;
                        }));
    assertThat(office.isActive(server, delegated)).isFalse();
  }

  /// All that is stored, without what SQLite does with free pages.
  private byte[] stored() throws Exception {
    var copy = TestDatabases.folder().resolve("copy.db");
    var url = "jdbc:sqlite:" + folder.resolve("data/prokura.db");
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      statement.execute("VACUUM INTO '" + copy + "'");
    }
    return Files.readAllBytes(copy);
  }

  @Test
  void standsByWhatWasDurableWhenItsAnswerWasLost() {
    var victims = token(server, office.own(server, office.victim()));
    var revoked = token(server, office.own(server, office.triage()));
    database.fail(Fault.ANSWER_LOST, false);
    Outages.refused(office.own(server, office.triage()));
    Outages.refused(office.take(server, handOver));
    Outages.refused(user("dave"));
    Outages.refused(step("kill"));
    Outages.refused(office.revoke(server, office.triage(), revoked));
    Eventually.holds("a kill that takes effect", () -> !office.isActive(server, victims));
    Eventually.holds("a revocation that takes effect", () -> !office.isActive(server, revoked));
    Eventually.holds("a server that knows it cannot write", () -> !server.ready());
    database.heal();
    Eventually.holds("a server that knows it can write", server::ready);
    var again = office.take(server, handOver);
    assertThat(again.statusCode()).isEqualTo(400);
    assertThat(again.body()).contains("the hand-over has been used");
    assertThat(user("dave").statusCode()).isEqualTo(201);
    assertThat(Office.answer(server, server.get("/api/v1/users", operator)).toText())
        .containsOnlyOnce("\"userName\":\"dave\"");
    assertThat(office.own(server, office.victim()).statusCode()).isEqualTo(400);
  }

  @Test
  void allowsNothingAndNeverBreaksWithoutADatabase() throws IOException {
    database.fail(Fault.BEFORE, true);
    Eventually.holds("a server that knows it has no database", () -> !server.ready());
    for (var route : Files.readAllLines(Path.of("src/test/resources/golden/routes.txt"))) {
      var response = call(route.split(" ", -1)[0], route.split(" ", -1)[1]);
      assertThat(response.statusCode()).as(route).isNotEqualTo(500);
      if (response.statusCode() >= 400) {
        Outages.keepsQuiet(response);
      }
      if (!route.endsWith(" nothing")) {
        assertThat(response.statusCode()).as(route).isGreaterThanOrEqualTo(400);
      }
    }
    ahead.set(ahead.get().plusSeconds(3));
    Outages.refused(office.introspect(server, delegated));
    writing().forEach((what, request) -> Outages.refused(request.get()));
    Outages.refused(server.get("/api/v1/agents", operator));
    database.heal();
    Eventually.holds("a server that is back", server::ready);
    assertThat(office.isActive(server, delegated)).isTrue();
    assertThat(office.take(server, handOver).statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> call(String method, String path) {
    var filled =
        path.replace("{id}", office.victim().id())
            .replace("{path...}", "0/000")
            .replace("{draft}", "drf_" + "0".repeat(26))
            .replace("{number}", "0");
    if (path.startsWith("/oauth2/") && method.equals("POST")) {
      var who = office.triage();
      var form = "grant_type=client_credentials&token=" + delegated + "&resource=" + Office.CRM;
      return server.form(filled, who.id(), who.secret(), form);
    }
    var request =
        HttpRequest.newBuilder(server.uri(filled))
            .header("Authorization", "Bearer " + operator)
            .header("Content-Type", "application/json")
            .header("If-Match", "\"1\"");
    return server.send(
        method.equals("GET")
            ? request
            : request.method(method, BodyPublishers.ofString("{\"reason\":\"a test\"}")));
  }

  @Test
  void recordsAllThatItAnsweredWhateverFailsInBetween() {
    Seeded.check(this::recordsAllThatItAnswered);
  }

  private void recordsAllThatItAnswered(Random random) throws Exception {
    var faults = new Random(random.nextLong());
    database.follow(writes -> next(faults, writes));
    var answered = ConcurrentHashMap.<String>newKeySet();
    var requests =
        List.<Supplier<HttpResponse<String>>>of(
            () -> office.own(server, office.triage()),
            () -> office.own(server, office.assertion()),
            () -> office.delegated(server),
            () -> office.handOver(server, delegated),
            () -> office.take(server, handOver),
            () -> office.decide(server, "user", office.alice(), delegated));
    try (var callers = Executors.newFixedThreadPool(4)) {
      var all = new ArrayList<Callable<Boolean>>();
      for (int i = 0; i < 200; i++) {
        var request = requests.get(random.nextInt(requests.size()));
        all.add(() -> entry(request.get()).map(answered::add).orElse(false));
      }
      for (var one : callers.invokeAll(all)) {
        one.get();
      }
    }
    database.heal();
    Eventually.holds("a server that is back", server::ready);
    assertThat(answered).isNotEmpty();
    var auditor = new Auditor(server, answered.iterator().next());
    auditor.findsAll(server, answered);
    auditor.findsLogIntact(server);
  }

  private static Fault next(Random faults, boolean writes) {
    synchronized (faults) {
      return switch (faults.nextInt(writes ? 12 : 24)) {
        case 0 -> Fault.BEFORE;
        case 1 -> Fault.BEFORE_COMMIT;
        case 2 -> Fault.ANSWER_LOST;
        default -> Fault.NONE;
      };
    }
  }

  /// The entry or decision in an answer, where there is one.
  private Optional<String> entry(HttpResponse<String> response) {
    if (response.statusCode() == 503) {
      Outages.refused(response);
      return Optional.empty();
    }
    if (response.statusCode() == 400) {
      assertThat(response.body()).contains("the hand-over has been used");
      return Optional.empty();
    }
    var answer = Office.answer(server, response);
    return answer.text("entry").or(() -> answer.object("context").flatMap(one -> one.text("id")));
  }
}
