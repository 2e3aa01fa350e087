package io.prokura.clients;

import static io.prokura.clients.OneTime.Outcome.BEFORE_START;
import static io.prokura.clients.OneTime.Outcome.FIRST;
import static io.prokura.clients.OneTime.Outcome.FULL;
import static io.prokura.clients.OneTime.Outcome.REPEATED;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.kernel.Limits;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import io.prokura.sql.Dialect;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What the memory for one-time things does on every database. A subclass names the database.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OneTimeContract {
  private static final Instant START = Instant.parse("2027-01-31T12:00:00.700Z");
  private static final Duration SKEW = Limits.standard().clockSkew();

  private final Database database;
  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private final World world = new World(now::get, new Random(1));

  OneTimeContract(Database database) {
    this.database = database;
  }

  @BeforeEach
  void neverStarted() {
    now.set(START);
    database.inTransaction(
        tx -> tx.run("DELETE FROM one_time") + tx.run("DELETE FROM one_time_started"));
  }

  @AfterAll
  void close() {
    database.close();
  }

  private OneTime started() {
    return new OneTime(world, database, SKEW, 1_000);
  }

  private Instant until() {
    return now.get().plusSeconds(120);
  }

  private long rows() {
    return database.<Long>read(
        tx -> tx.one("SELECT count(*) FROM one_time", row -> row.number(1)).orElseThrow());
  }

  private boolean shares() {
    return database.dialect() == Dialect.POSTGRES;
  }

  @Test
  void letsEachValueThroughOncePerUse() {
    var memory = started();
    assertThat(memory.use("a", "x", now.get(), until())).isEqualTo(FIRST);
    assertThat(memory.use("a", "x", now.get(), until())).isEqualTo(REPEATED);
    assertThat(memory.use("a", "x", until())).isEqualTo(REPEATED);
    assertThat(memory.use("b", "x", now.get(), until())).isEqualTo(FIRST);
    assertThat(memory.use("a", "y", until())).isEqualTo(FIRST);
    assertThat(memory.use("a", "y", until())).isEqualTo(REPEATED);
  }

  @Test
  void writesNoRowInTheCommonCaseUnlessNodesShareTheDatabase() {
    started().use("a", "x", now.get().minusMillis(700), until());
    assertThat(rows()).isEqualTo(shares() ? 1 : 0);
  }

  @Test
  void takesWhatWasIssuedInTheSecondOfTheVeryFirstStart() {
    assertThat(started().use("a", "x", START.minusMillis(700), until())).isEqualTo(FIRST);
  }

  @Test
  void replaysNothingThroughARestartWhateverItSaysAboutWhenItWasIssued() {
    int accepted = 0;
    var issuedAt = START.plus(Duration.ofHours(1)).plusMillis(300);
    for (int second = -60; second <= 90; second += 5) {
      now.set(issuedAt.minusSeconds(600));
      var before = started();
      now.set(issuedAt.minusMillis(300).plusSeconds(second));
      var value = "v" + second;
      if (before.use("a", value, issuedAt, until()) != FIRST) {
        continue;
      }
      accepted++;
      var used = now.get();
      for (int later = 0; later <= 100; later += 25) {
        now.set(used.plusMillis(later * 37L));
        assertThat(started().use("a", value, issuedAt, used.plusSeconds(120)))
            .as("issued at %s, used at %s, restarted at %s", issuedAt, used, now.get())
            .isNotEqualTo(FIRST);
      }
    }
    assertThat(accepted).isGreaterThan(25);
  }

  @Test
  void refusesAfterARestartWhatWasIssuedBeforeAndTakesWhatIsNewOnce() {
    started();
    now.set(START.plusSeconds(10));
    var restarted = started();
    var old = restarted.use("a", "old", now.get().minusMillis(1), until());
    assertThat(old).isEqualTo(shares() ? FIRST : BEFORE_START);
    assertThat(restarted.use("a", "new", now.get(), until())).isEqualTo(FIRST);
    assertThat(restarted.use("a", "new", now.get(), until())).isEqualTo(REPEATED);
  }

  @Test
  void remembersThroughARestartWhatDoesNotSayWhenItWasIssued() {
    assertThat(started().use("a", "x", until())).isEqualTo(FIRST);
    assertThat(started().use("a", "x", until())).isEqualTo(REPEATED);
  }

  @Test
  void spendsOnlyWhenTheTransactionCommits() {
    var memory = started();
    Result<String> refused =
        database.inTransaction(
            tx -> {
              assertThat(memory.spend(tx, "h", until())).isTrue();
              return Result.refused(Refusal.POLICY_FORBIDS, "no");
            });
    assertThat(refused).isInstanceOf(Result.Refused.class);
    assertThat(database.<Boolean>inTransaction(tx -> memory.spend(tx, "h", until()))).isTrue();
    assertThat(database.<Boolean>inTransaction(tx -> memory.spend(tx, "h", until()))).isFalse();
    var restarted = started();
    assertThat(database.<Boolean>inTransaction(tx -> restarted.spend(tx, "h", until()))).isFalse();
  }

  @Test
  void letsOneOfManyThroughAtOnce() throws Exception {
    var nodes = shares() ? new OneTime[] {started(), started()} : new OneTime[] {started()};
    for (var durable : new boolean[] {true, false}) {
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var all = new ArrayList<Future<OneTime.Outcome>>();
        for (int i = 0; i < 16; i++) {
          var node = nodes[i % nodes.length];
          all.add(
              threads.submit(
                  () ->
                      durable
                          ? node.use("a", "durable", until())
                          : node.use("a", "known", now.get(), until())));
        }
        int first = 0;
        for (var one : all) {
          first += one.get() == FIRST ? 1 : 0;
        }
        assertThat(first).isEqualTo(1);
      }
    }
  }

  @Test
  void forgetsOnlyWhatNobodyAcceptsAnyMore() {
    var memory = started();
    var until = until();
    memory.use("a", "x", now.get(), until);
    memory.use("a", "y", until);
    now.set(until.minusMillis(1));
    memory.tick();
    assertThat(memory.use("a", "x", now.get(), until)).isEqualTo(REPEATED);
    assertThat(memory.use("a", "y", until)).isEqualTo(REPEATED);
    now.set(until);
    memory.tick();
    assertThat(rows()).isZero();
    assertThat(memory.use("a", "x", now.get(), until)).isEqualTo(FIRST);
  }

  @Test
  void refusesWhenItIsFullAndForgetsNothing() {
    if (shares()) {
      return;
    }
    var memory = new OneTime(world, database, SKEW, 3);
    for (int i = 0; i < 3; i++) {
      assertThat(memory.use("a", "v" + i, now.get(), until())).isEqualTo(FIRST);
    }
    assertThat(memory.use("a", "more", now.get(), until())).isEqualTo(FULL);
    assertThat(memory.use("a", "v0", now.get(), until())).isNotEqualTo(FIRST);
    now.set(now.get().plusSeconds(121));
    memory.tick();
    assertThat(memory.use("a", "more", now.get(), until())).isEqualTo(FIRST);
  }
}
