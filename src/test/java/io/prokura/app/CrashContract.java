package io.prokura.app;

import static io.prokura.app.Office.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.bench.Program;
import io.prokura.json.Json;
import io.prokura.sql.TestDatabases;
import io.prokura.tlog.Seeded;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The real program, killed in the middle of its work and started again in the same way: nothing
/// that was answered is lost, and what had ended stays ended. A subclass names the database;
/// `-Drounds=` says how often.
abstract class CrashContract {
  private static final int ANSWERS_MIN = 30;
  private static final int MILLIS_MAX = 400;
  private static final int SAMPLE = 20;

  private final Path folder = TestDatabases.folder();
  private final int rounds;
  private final String[] options;

  CrashContract(int rounds, String... options) {
    this.rounds = Integer.getInteger("rounds", rounds);
    this.options = options;
  }

  @Test
  void losesNothingThatItAnswered() {
    Seeded.check(this::killAgainAndAgain);
    System.out.println(
        "verdict: %s, killed %d times, nothing lost".formatted(getClass().getSimpleName(), rounds));
  }

  private void killAgainAndAgain(Random random) throws Exception {
    var program = Program.serve(folder, options);
    var server = TestServer.in(program);
    try {
      var office = Office.at(server);
      var auditor = new Auditor(server, office.delegation());
      for (int round = 0; round < rounds; round++) {
        try (var load = new Load(server, office, auditor)) {
          load.begin("user-" + round + "-");
          Eventually.holds("answers", () -> load.recorded.size() >= ANSWERS_MIN);
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(MILLIS_MAX)));
          program.kill();
          load.end();
          server.close();
          program = Program.serve(folder, options);
          server = TestServer.in(program);
          nothingIsLost(server, office, auditor, load);
        }
      }
    } finally {
      server.close();
    }
  }

  private static void nothingIsLost(
      TestServer server, Office office, Auditor auditor, Load answered) {
    // First what is good for a minute only.
    for (var handOver : sample(answered.takenHandOvers)) {
      var again = office.take(server, handOver);
      assertThat(again.statusCode()).isEqualTo(400);
      assertThat(again.body()).contains("the hand-over has been used");
    }
    for (var assertion : sample(answered.usedAssertions)) {
      assertThat(office.own(server, assertion).statusCode()).isEqualTo(401);
    }
    auditor.findsAll(server, answered.recorded);
    auditor.findsLogIntact(server);
    for (var token : answered.dead) {
      assertThat(office.isActive(server, token)).as("a token that was ended").isFalse();
    }
    for (var token : sample(answered.good)) {
      assertThat(office.isActive(server, token)).as("a token that was not ended").isTrue();
    }
    assertThat(cutOffs(server)).containsAll(answered.cutOffs);
    var operator = server.operatorToken();
    answered.users.forEach(
        (name, id) -> {
          var registered = Load.register(server, operator, name);
          assertThat(registered).as(name).isEqualTo(id.orElse(registered));
        });
  }

  private static Collection<String> sample(Set<String> all) {
    return all.stream().limit(SAMPLE).toList();
  }

  private static Set<Long> cutOffs(TestServer server) {
    var response = server.get("/api/v1/cutoffs?limit=200", server.operatorToken());
    var items = (Json.Arr) answer(server, response).get("items").orElseThrow();
    return items.items().stream()
        .map(item -> ((Json.Obj) item).number("number").orElseThrow())
        .collect(Collectors.toSet());
  }
}
