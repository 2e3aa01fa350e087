package io.prokura.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prokura.kernel.Outage;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What every database must do. A subclass names the database.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DatabaseContract {
  private final Database database;

  DatabaseContract(Database database) {
    this.database = database;
    database.inTransaction(
        tx -> tx.run("CREATE TABLE thing (id BIGINT PRIMARY KEY, name TEXT UNIQUE, at BIGINT)"));
  }

  @BeforeEach
  void empty() {
    database.inTransaction(tx -> tx.run("DELETE FROM thing"));
  }

  @AfterAll
  void close() {
    database.close();
  }

  @Test
  void keepsWhatATransactionWrote() {
    var at = Instant.ofEpochMilli(1_700_000_000_123L);
    database.inTransaction(tx -> insert(tx, 1, Optional.of("a"), Optional.of(at)));
    database.inTransaction(tx -> insert(tx, 2, Optional.empty(), Optional.empty()));
    assertThat(database.<List<String>>read(DatabaseContract::names)).containsExactly("a", "-");
    assertThat(
            database.<List<Optional<Instant>>>read(
                tx -> tx.list("SELECT at FROM thing ORDER BY id", row -> row.optionalInstant(1))))
        .containsExactly(Optional.of(at), Optional.empty());
  }

  @Test
  void leavesNothingOfAFailedTransaction() {
    assertThatThrownBy(
            () ->
                database.inTransaction(
                    tx -> {
                      insert(tx, 1, Optional.of("a"), Optional.empty());
                      throw new IllegalStateException("bug");
                    }))
        .hasMessage("bug");
    assertThat(database.<List<String>>read(DatabaseContract::names)).isEmpty();
  }

  @Test
  void leavesNothingOfARefusedTransaction() {
    var effects = new ArrayList<String>();
    Result<String> result =
        database.inTransaction(
            tx -> {
              insert(tx, 1, Optional.of("a"), Optional.empty());
              tx.afterCommit(() -> effects.add("ran"));
              return Result.refused(Refusal.DUPLICATE, "no");
            });
    assertThat(result).isInstanceOf(Result.Refused.class);
    assertThat(effects).isEmpty();
    assertThat(database.<List<String>>read(DatabaseContract::names)).isEmpty();
  }

  @Test
  void runsEffectsOnceAfterTheCommit() {
    var seen = new ArrayList<List<String>>();
    database.inTransaction(
        tx -> {
          tx.afterCommit(() -> seen.add(database.read(DatabaseContract::names)));
          return insert(tx, 1, Optional.of("a"), Optional.empty());
        });
    assertThat(seen).containsExactly(List.of("a"));
  }

  @Test
  void turnsAConstraintViolationIntoAnOutageOfThatTransactionAlone() {
    database.inTransaction(tx -> insert(tx, 1, Optional.of("a"), Optional.empty()));
    assertThatThrownBy(
            () -> database.inTransaction(tx -> insert(tx, 2, Optional.of("a"), Optional.empty())))
        .isInstanceOf(Outage.class);
    database.inTransaction(tx -> insert(tx, 3, Optional.of("b"), Optional.empty()));
    assertThat(database.<List<String>>read(DatabaseContract::names)).containsExactly("a", "b");
  }

  @Test
  void commitsManyWaitingTransactionsEachByItself() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<Future<Integer>>();
      for (int i = 0; i < 400; i++) {
        long id = i;
        all.add(
            threads.submit(
                () ->
                    database.inTransaction(
                        tx -> {
                          int rows = insert(tx, id, Optional.of("n" + id), Optional.empty());
                          if (id % 5 == 0) {
                            throw new IllegalStateException("every fifth fails");
                          }
                          return rows;
                        })));
      }
      int failed = 0;
      for (var one : all) {
        try {
          assertThat(one.get()).isEqualTo(1);
        } catch (java.util.concurrent.ExecutionException e) {
          failed++;
        }
      }
      assertThat(failed).isEqualTo(80);
    }
    assertThat(database.<List<String>>read(DatabaseContract::names))
        .hasSize(320)
        .noneMatch(name -> Integer.parseInt(name.substring(1)) % 5 == 0);
  }

  @Test
  void losesNoUpdateOfConcurrentTransactions() throws Exception {
    database.inTransaction(tx -> insert(tx, 1, Optional.empty(), Optional.of(Instant.EPOCH)));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<Future<?>>();
      for (int i = 0; i < 40; i++) {
        all.add(
            threads.submit(
                () ->
                    database.inTransaction(
                        tx -> {
                          var at =
                              tx.one("SELECT at FROM thing WHERE id = 1", row -> row.instant(1))
                                  .orElseThrow();
                          return tx.run("UPDATE thing SET at = ? WHERE id = 1", at.plusMillis(1));
                        })));
      }
      for (var one : all) {
        one.get();
      }
    }
    assertThat(
            database.<Optional<Long>>read(
                tx -> tx.one("SELECT at FROM thing", row -> row.number(1))))
        .contains(40L);
  }

  @Test
  void neitherWritesNorSeesLaterWritesWhileReading() {
    assertThatThrownBy(() -> database.read(tx -> insert(tx, 9, Optional.of("x"), Optional.empty())))
        .isInstanceOf(Outage.class);
    database.read(
        tx -> {
          assertThat(names(tx)).isEmpty();
          database.inTransaction(other -> insert(other, 1, Optional.of("a"), Optional.empty()));
          assertThat(names(tx)).isEmpty();
          return 0;
        });
    assertThat(database.<List<String>>read(DatabaseContract::names)).containsExactly("a");
  }

  private static int insert(Tx tx, long id, Optional<String> name, Optional<Instant> at) {
    return tx.run("INSERT INTO thing (id, name, at) VALUES (?, ?, ?)", id, name, at);
  }

  private static List<String> names(Tx tx) {
    return tx.list("SELECT name FROM thing ORDER BY id", row -> row.optionalText(1).orElse("-"));
  }
}
