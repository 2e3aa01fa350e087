package io.prokura.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prokura.kernel.Outage;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Transactions that wait for the one writer at the same moment: they share a commit, and nothing
/// else.
final class GroupCommitTest {
  private static final int WAL_HEADER = 32;
  private static final int FRAME_HEADER = 24;
  private static final int PAGE = 8192;
  private static final long BOUND_SECONDS = 20;

  private final Path folder = TestDatabases.folder();
  private final SqliteDatabase database = SqliteDatabase.open(folder, 300);
  private final CountDownLatch held = new CountDownLatch(1);

  GroupCommitTest() {
    database.inTransaction(tx -> tx.run("CREATE TABLE thing (id BIGINT PRIMARY KEY, bytes BLOB)"));
    database.inTransaction(tx -> tx.run("CREATE TABLE part (of BIGINT REFERENCES thing (id))"));
  }

  @AfterEach
  void end() {
    held.countDown();
    database.close();
  }

  @Test
  void makesAllThatWaitDurableByOneCommit() throws Throwable {
    assertThat(setting("PRAGMA journal_mode")).isEqualTo("wal");
    assertThat(setting("PRAGMA synchronous")).as("FULL: one fsync for each commit").isEqualTo("2");
    holdTheWriter();
    long before = commits();
    var all = new ArrayList<Caller<Integer>>();
    for (int i = 0; i < 100; i++) {
      all.add(waiting(insert(i)));
    }
    release();
    for (var one : all) {
      assertThat(one.answer()).isEqualTo(1);
    }
    assertThat(commits() - before).isEqualTo(1);
    assertThat(ids()).hasSize(100);
  }

  @Test
  void letsOneThatFailsTakeNoOtherWithIt() throws Throwable {
    holdTheWriter();
    long before = commits();
    var kept = new ArrayList<Caller<Integer>>();
    kept.add(waiting(insert(0)));
    var throwing =
        waiting(
            tx -> {
              put(tx, 1);
              throw new IllegalStateException("a bug");
            });
    kept.add(waiting(insert(2)));
    var dying =
        waiting(
            tx -> {
              put(tx, 3);
              throw new AssertionError("worse");
            });
    kept.add(waiting(insert(4)));
    Caller<Result<Integer>> refusing =
        waiting(
            tx -> {
              put(tx, 5);
              return Result.refused(Refusal.DUPLICATE, "no");
            });
    kept.add(waiting(insert(6)));
    var duplicate = waiting(insert(6));
    var orphan = waiting(tx -> tx.run("INSERT INTO part (of) VALUES (99)"));
    kept.add(waiting(insert(8)));
    release();
    for (var one : kept) {
      assertThat(one.answer()).isEqualTo(1);
    }
    assertThatThrownBy(throwing::answer).hasMessage("a bug");
    assertThatThrownBy(dying::answer).isInstanceOf(AssertionError.class).hasMessage("worse");
    assertThat(refusing.answer()).isInstanceOf(Result.Refused.class);
    assertThatThrownBy(duplicate::answer).isInstanceOf(Outage.class);
    assertThatThrownBy(orphan::answer).isInstanceOf(Outage.class);
    assertThat(ids()).containsExactly(0L, 2L, 4L, 6L, 8L);
    assertThat(commits() - before).isEqualTo(1);
  }

  /// SQLite undoes the whole transaction when a page cannot be had, whatever savepoint it was in.
  @Test
  void letsOneForWhichThereIsNoRoomTakeNoOtherWithIt() throws Throwable {
    holdTheWriter();
    var first = waiting(insert(1));
    var tooBig =
        waiting(tx -> tx.run("INSERT INTO thing (id, bytes) VALUES (2, zeroblob(2000000))"));
    var last = waiting(insert(3));
    release();
    assertThat(first.answer()).isEqualTo(1);
    assertThat(last.answer()).isEqualTo(1);
    assertThatThrownBy(tooBig::answer)
        .isInstanceOf(Outage.class)
        .rootCause()
        .hasMessageContaining("SQLITE_FULL");
    assertThat(ids()).containsExactly(1L, 3L);
  }

  @Test
  void runsWhatFollowsACommitOnlyWhereTheCommitHappened() throws Throwable {
    holdTheWriter();
    var ran = new CompletableFuture<String>();
    var lost = new CompletableFuture<String>();
    var keeps =
        waiting(
            tx -> {
              tx.afterCommit(() -> ran.complete(Thread.currentThread().getName()));
              return put(tx, 1);
            });
    var fails =
        waiting(
            tx -> {
              tx.afterCommit(() -> lost.complete("ran"));
              put(tx, 2);
              throw new IllegalStateException("a bug");
            });
    release();
    assertThat(keeps.answer()).isEqualTo(1);
    assertThatThrownBy(fails::answer).hasMessage("a bug");
    assertThat(ran).isCompletedWithValue(keeps.thread.getName());
    assertThat(lost).isNotDone();
  }

  @Test
  void answersEveryoneWhoWaitsWhenItIsClosed() throws Throwable {
    holdTheWriter();
    var waiting = new ArrayList<Caller<Integer>>();
    for (int i = 0; i < 20; i++) {
      waiting.add(waiting(insert(i)));
    }
    var closing = Thread.ofPlatform().start(database::close);
    await(() -> closing.getState() == Thread.State.WAITING);
    assertThatThrownBy(() -> database.inTransaction(insert(99))).isInstanceOf(Outage.class);
    assertThatThrownBy(() -> database.read(GroupCommitTest::idsOf)).isInstanceOf(Outage.class);
    release();
    for (var one : waiting) {
      assertThat(one.answer()).isEqualTo(1);
    }
    closing.join(TimeUnit.SECONDS.toMillis(BOUND_SECONDS));
    assertThat(closing.isAlive()).isFalse();
    try (var again = SqliteDatabase.open(folder, 300)) {
      assertThat(again.<List<Long>>read(GroupCommitTest::idsOf)).hasSize(20);
    }
  }

  @Test
  void keepsNobodyWaitingWhoComesWhileItIsClosed() throws Throwable {
    var all = new ArrayList<Caller<Integer>>();
    for (int i = 0; i < 8; i++) {
      int first = i * 1_000_000;
      all.add(new Caller<>(() -> untilClosed(first)));
    }
    await(() -> ids().size() > 50);
    database.close();
    int answered = 0;
    for (var one : all) {
      answered += one.answer();
    }
    try (var again = SqliteDatabase.open(folder, 300)) {
      assertThat(again.<List<Long>>read(GroupCommitTest::idsOf)).hasSize(answered);
    }
  }

  private int untilClosed(int first) {
    for (int i = 0; ; i++) {
      try {
        database.inTransaction(insert(first + i));
      } catch (Outage e) {
        return i;
      }
    }
  }

  @Test
  void neverRunsWhatItsCallerGaveUpWaitingFor() throws Throwable {
    holdTheWriter();
    var before = waiting(insert(1));
    var interrupted = waiting(insert(2));
    var after = waiting(insert(3));
    interrupted.thread.interrupt();
    assertThatThrownBy(interrupted::answer)
        .isInstanceOf(Outage.class)
        .hasMessageContaining("interrupted");
    assertThat(interrupted.leftInterrupted).isCompletedWithValue(true);
    release();
    assertThat(before.answer()).isEqualTo(1);
    assertThat(after.answer()).isEqualTo(1);
    assertThat(ids()).containsExactly(1L, 3L);
  }

  @Test
  void finishesWhatHasBegunWhenItsCallerIsInterrupted() throws Throwable {
    var begun = new CountDownLatch(1);
    var interrupted =
        waiting(
            tx -> {
              begun.countDown();
              return put(pass(held, tx), 1);
            });
    pass(begun, 0);
    interrupted.thread.interrupt();
    assertThatThrownBy(interrupted::answer)
        .isInstanceOf(Outage.class)
        .hasMessageContaining("interrupted");
    release();
    database.inTransaction(insert(2));
    assertThat(ids()).containsExactly(1L, 2L);
  }

  /// Somebody who waits for a transaction, and what becomes of it.
  private static final class Caller<T> {
    final CompletableFuture<T> result = new CompletableFuture<>();
    final CompletableFuture<Boolean> leftInterrupted = new CompletableFuture<>();
    final Thread thread;

    Caller(Callable<T> call) {
      thread =
          Thread.ofPlatform()
              .daemon()
              .start(
                  () -> {
                    try {
                      var answer = call.call();
                      leftInterrupted.complete(Thread.interrupted());
                      result.complete(answer);
                    } catch (Throwable e) {
                      leftInterrupted.complete(Thread.interrupted());
                      result.completeExceptionally(e);
                    }
                  });
    }

    T answer() throws Throwable {
      try {
        return result.get(BOUND_SECONDS, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        throw e.getCause();
      } catch (TimeoutException e) {
        throw new AssertionError("nobody answered", e);
      }
    }
  }

  /// Has the writer wait in a transaction until [#release()].
  private void holdTheWriter() throws InterruptedException {
    var begun = new CountDownLatch(1);
    new Caller<>(
        () ->
            database.inTransaction(
                tx -> {
                  begun.countDown();
                  return pass(held, tx);
                }));
    pass(begun, 0);
  }

  private void release() {
    held.countDown();
  }

  /// Has somebody ask for a transaction, and returns when they wait for it.
  private <T> Caller<T> waiting(Function<Tx, T> work) {
    var caller = new Caller<>(() -> database.inTransaction(work));
    await(() -> caller.thread.getState() == Thread.State.WAITING);
    return caller;
  }

  private static <T> T pass(CountDownLatch latch, T value) {
    try {
      assertThat(latch.await(BOUND_SECONDS, TimeUnit.SECONDS)).isTrue();
      return value;
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  private static void await(BooleanSupplier condition) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(BOUND_SECONDS);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited too long").isLessThan(until);
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static Function<Tx, Integer> insert(long id) {
    return tx -> put(tx, id);
  }

  private static int put(Tx tx, long id) {
    return tx.run("INSERT INTO thing (id, bytes) VALUES (?, ?)", id, new byte[10]);
  }

  private List<Long> ids() {
    return database.read(GroupCommitTest::idsOf);
  }

  private static List<Long> idsOf(Tx tx) {
    return tx.list("SELECT id FROM thing ORDER BY id", row -> row.number(1));
  }

  private String setting(String pragma) {
    return database.<String>inTransaction(tx -> tx.one(pragma, row -> row.text(1)).orElseThrow());
  }

  /// The commits in the write-ahead log (https://sqlite.org/fileformat2.html#walformat): frames
  /// that carry the size of the database, as far as they belong to the log's present round.
  private long commits() throws IOException {
    var log = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("prokura.db-wal")));
    long salt = log.getLong(16);
    long commits = 0;
    for (int at = WAL_HEADER; at + FRAME_HEADER <= log.limit(); at += FRAME_HEADER + PAGE) {
      if (log.getLong(at + 8) == salt && log.getInt(at + 4) != 0) {
        commits++;
      }
    }
    return commits;
  }
}
