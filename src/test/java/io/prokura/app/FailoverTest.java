package io.prokura.app;

import static io.prokura.app.Office.answer;
import static io.prokura.app.Office.token;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.sql.PostgresDatabase;
import io.prokura.sql.PostgresPair;
import io.prokura.sql.TestDatabases;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// A server under load whose PostgreSQL primary is killed and whose synchronous standby takes over:
/// it gives nothing away in between, loses nothing that it answered, and goes on by itself.
/// `-Drounds=` says how often.
final class FailoverTest {
  private static final int ROUNDS = Integer.getInteger("rounds", 1);
  private static final int ANSWERS_MIN = 30;
  private static final int REFUSALS_MIN = 4;
  private static final int SECONDS_MAX = 60;

  private final Path folder = TestDatabases.folder();

  @Test
  void losesNothingAndGoesOnByItself() throws Exception {
    try (var pair = PostgresPair.start();
        var server = serve(pair.url(), folder)) {
      var office = Office.at(server);
      var auditor = new Auditor(server, office.delegation());
      for (int round = 1; round <= ROUNDS; round++) {
        var before = endedBefore(server, office);
        try (var callers = new Callers(server, office)) {
          callers.begin();
          Eventually.holds("answers", () -> callers.recorded.size() >= ANSWERS_MIN);
          auditor.keepsCheckpoint(server);
          pair.killPrimary();
          staysClosed(server, office, callers);
          pair.promote();
          Eventually.holds("a server that goes on", server::ready);
          int known = callers.recorded.size();
          Eventually.holds("answers", () -> callers.recorded.size() >= known + ANSWERS_MIN);
          callers.end();
          assertThat(office.isActive(server, before)).as("killed before").isFalse();
          nothingIsLost(server, office, auditor, callers);
        }
        if (round < ROUNDS) {
          pair.replaceKilled();
        }
      }
      writesNothingToTheOldPrimaryThatIsBack(pair, server, office);
    }
    System.out.println("verdict: failed over %d times, nothing lost".formatted(ROUNDS));
  }

  /// The server that was killed comes back and still thinks that it is the primary. Nothing that is
  /// written there is answered, and once it is gone everything is as the new one has it.
  private static void writesNothingToTheOldPrimaryThatIsBack(
      PostgresPair pair, TestServer server, Office office) {
    var kept = token(server, office.own(server, office.triage()));
    assertThat(office.revoke(server, office.triage(), kept).statusCode()).isEqualTo(200);
    pair.revive();
    Eventually.holds(
        "a node that is connected to the old primary",
        () -> {
          pair.disconnect();
          return pair.clientsOfRevived() > 0 && !server.ready();
        });
    Outages.refused(office.own(server, office.triage()));
    pair.killRevived();
    Eventually.holds("a server that goes on", server::ready);
    assertThat(office.isActive(server, kept)).isFalse();
  }

  private static TestServer serve(String url, Path folder) {
    // The usual bound, made shorter: it is how long one waits for the old primary to commit.
    var database = PostgresDatabase.open(url + "&socketTimeout=3", 8);
    return TestServer.start(database, folder, TestServer.systemWorld(), "");
  }

  /// A token that a kill has ended.
  private static String endedBefore(TestServer server, Office office) {
    var token = token(server, office.own(server, office.victim()));
    var operator = server.operatorToken();
    answer(server, office.step(server, operator, office.victim().id(), "kill"));
    answer(server, office.step(server, operator, office.victim().id(), "resume"));
    return token;
  }

  private static void staysClosed(TestServer server, Office office, Callers callers) {
    Eventually.holds("a server that knows it has no database", () -> !server.ready());
    Eventually.holds(
        "a node that is not current",
        () -> office.introspect(server, callers.good.iterator().next()).statusCode() == 503);
    int refused = callers.refused.get();
    int answered = callers.recorded.size();
    Eventually.holds("refusals", () -> callers.refused.get() >= refused + REFUSALS_MIN);
    assertThat(callers.recorded).as("answered without a database").hasSize(answered);
  }

  private static void nothingIsLost(
      TestServer server, Office office, Auditor auditor, Callers answered) {
    auditor.findsAll(server, answered.recorded);
    auditor.findsLogIntact(server);
    answered.good.forEach(token -> assertThat(office.isActive(server, token)).isTrue());
    answered.dead.forEach(token -> assertThat(office.isActive(server, token)).isFalse());
    for (var handOver : answered.takenHandOvers) {
      assertThat(office.take(server, handOver).body()).contains("the hand-over has been used");
    }
  }

  /// The standby is promoted while the primary lives on, and this node stays connected to that: it
  /// never learns what another node writes to the new one, so nothing may rest on what it knows.
  @Test
  void allowsNothingOnAPrimaryWhosePlaceWasTaken() throws Exception {
    try (var pair = PostgresPair.start();
        var server = serve(pair.primaryUrl(), folder)) {
      var office = Office.at(server);
      var victims = token(server, office.own(server, office.victim()));
      pair.promote();
      var other = TestDatabases.folder();
      TestServer.copyMasterKey(folder, other);
      try (var elsewhere = serve(pair.primaryUrl(), other)) {
        var operator = elsewhere.operatorToken();
        answer(elsewhere, office.step(elsewhere, operator, office.victim().id(), "kill"));
        assertThat(office.isActive(elsewhere, victims)).isFalse();
        Eventually.holds(
            "a node that is not current",
            () -> office.introspect(server, victims).statusCode() == 503);
        Outages.refused(office.own(server, office.triage()));
        Outages.refused(office.introspect(server, victims));
        assertThat(server.ready()).isFalse();
      }
    }
  }

  /// Callers that ask again and again, through outages too, and what they were answered.
  private static final class Callers implements AutoCloseable {
    final Set<String> recorded = ConcurrentHashMap.newKeySet();
    final Set<String> good = ConcurrentHashMap.newKeySet();
    final Set<String> dead = ConcurrentHashMap.newKeySet();
    final Set<String> takenHandOvers = ConcurrentHashMap.newKeySet();
    final AtomicInteger refused = new AtomicInteger();

    private final TestServer server;
    private final Office office;
    private final List<Future<?>> running = new ArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean ended;

    Callers(TestServer server, Office office) {
      this.server = server;
      this.office = office;
    }

    void begin() {
      for (var one : List.<Runnable>of(this::revoked, this::handedOver)) {
        running.add(threads.submit(() -> again(one)));
      }
    }

    private void again(Runnable one) {
      while (!ended) {
        try {
          one.run();
        } catch (Refused e) {
          refused.incrementAndGet();
        }
      }
    }

    /// The server could not do it; whether it happened, nobody was told.
    private static final class Refused extends RuntimeException {
      private static final long serialVersionUID = 1L;
    }

    private HttpResponse<String> done(Supplier<HttpResponse<String>> request) {
      var response = request.get();
      if (response.statusCode() == 503) {
        Outages.refused(response);
        throw new Refused();
      }
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      return response;
    }

    private String issued(Supplier<HttpResponse<String>> request) {
      var response = done(request);
      recorded.add(answer(server, response).text("entry").orElseThrow());
      return token(server, response);
    }

    private void revoked() {
      good.add(issued(() -> office.own(server, office.triage())));
      var token = issued(() -> office.own(server, office.triage()));
      done(() -> office.revoke(server, office.triage(), token));
      dead.add(token);
    }

    private void handedOver() {
      var delegated = issued(() -> office.delegated(server));
      var handOver = issued(() -> office.handOver(server, delegated));
      good.add(issued(() -> office.take(server, handOver)));
      takenHandOvers.add(handOver);
      var decided =
          answer(server, done(() -> office.decide(server, "user", office.alice(), delegated)));
      assertThat(decided.flag("decision")).contains(true);
      recorded.add(decided.object("context").orElseThrow().text("id").orElseThrow());
    }

    /// Returns when all have stopped; fails when one was answered something wrong.
    void end() throws InterruptedException {
      ended = true;
      for (var one : running) {
        try {
          one.get(SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
          throw new AssertionError("an answer that is wrong", e);
        }
      }
    }

    @Override
    public void close() {
      ended = true;
      threads.shutdownNow();
    }
  }
}
