package io.prokura.sql;

import io.prokura.kernel.Outage;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.sqlite.SQLiteConnection;

/// The one writer of an embedded database, on a thread of its own.
///
/// Transactions that wait at the same time are committed together, so that they share one fsync;
/// one that fails takes no other with it. None is answered before the shared commit is durable.
///
/// Hardly any transaction fails, so a batch runs without savepoints. When one of it fails, or is
/// refused after it has written, the batch is undone and run again, each in a savepoint.
final class GroupCommit {
  private static final System.Logger LOG = System.getLogger("prokura.sql");
  private static final int BATCH_MAX = 512;
  private static final int QUEUE_MAX = 20_000;
  private static final long WAIT_MAX = TimeUnit.SECONDS.toNanos(30);
  private static final long LOOK_MILLIS = 100;
  private static final String CLOSED = "the database is closed";

  private final BlockingQueue<Job<?>> waiting = new ArrayBlockingQueue<>(QUEUE_MAX);
  private final Statements statements;
  private final SQLiteConnection connection;
  private final WalCheckpoints checkpoints;
  private final Reserve reserve;
  private final OpenFiles files;
  private final Thread writing;
  private final Thread watching;
  private volatile List<Job<?>> current = List.of();
  private volatile boolean closed;

  GroupCommit(
      SQLiteConnection connection, WalCheckpoints checkpoints, Reserve reserve, OpenFiles files) {
    this.connection = connection;
    this.checkpoints = checkpoints;
    this.reserve = reserve;
    this.files = files;
    statements = new Statements(connection);
    writing = Thread.ofPlatform().name("sqlite-writer").daemon().start(this::write);
    watching = Thread.ofPlatform().name("sqlite-watch").daemon().start(this::watch);
  }

  /// Runs `work` on the writer's thread and returns when it is durable. Throws [Outage] when it
  /// can't be, or isn't in time.
  <T> T run(Function<Tx, T> work) {
    if (Thread.currentThread() == writing) {
      throw new IllegalStateException("a transaction inside a transaction");
    }
    var job = new Job<>(work);
    if (closed || !waiting.offer(job)) {
      throw new Outage(closed ? CLOSED : "too many transactions are waiting");
    }
    if (!writing.isAlive()) {
      refuseWaiting();
    }
    return job.await();
  }

  private void write() {
    var batch = new ArrayList<Job<?>>(BATCH_MAX);
    while (!closed || !waiting.isEmpty()) {
      try {
        var first = waiting.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          waiting.drainTo(batch, BATCH_MAX - 1);
          commit(batch.stream().filter(Job::take).toList());
        }
      } catch (InterruptedException e) {
        closed = true;
      }
      batch.clear();
    }
  }

  /// Answers whoever has waited for too long, whether the writer has come to them or not. A thread
  /// for all is cheaper than a timer for each.
  private void watch() {
    while (writing.isAlive()) {
      for (var job : waiting) {
        if (job.hasWaited(WAIT_MAX) && job.take()) {
          job.fail(new Outage("the database did not take the transaction in time"));
        }
      }
      for (var job : current) {
        if (job.hasWaited(WAIT_MAX)) {
          job.fail(new Outage("the database did not finish the transaction in time"));
        }
      }
      try {
        writing.join(LOOK_MILLIS);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /// Makes a batch durable. A failure that makes SQLite undo the whole transaction, as a full disk
  /// does, ends the job it happened to; the others run again without it.
  private void commit(List<Job<?>> batch) {
    current = batch;
    if (!commitTogether(batch)) {
      var rest = batch;
      while (!rest.isEmpty()) {
        rest = commitApart(rest);
      }
    }
    current = List.of();
    checkpoints.finish(statements);
  }

  /// Runs every job of the batch and makes all durable at once. False, and nothing has happened,
  /// when one of them has to be undone, or so little room is left that it may have to.
  private boolean commitTogether(List<Job<?>> batch) {
    var transactions = new ArrayList<Tx>(batch.size());
    boolean committing = false;
    try {
      statements.execute("BEGIN IMMEDIATE");
      if (reserve.isScarce(statements)) {
        rollBack();
        return false;
      }
      for (var job : batch) {
        var tx = new Tx(statements);
        long before = changes();
        if (!job.run(tx)) {
          if (changes() != before) {
            rollBack();
            return false;
          }
          tx.afterCommit().clear();
        }
        transactions.add(tx);
      }
      committing = true;
      statements.execute("COMMIT");
      files.requireInPlace();
    } catch (SQLException | RuntimeException | Error e) {
      rollBack();
      reserve.lookAgain();
      if (!committing) {
        return false;
      }
      failed(batch, e);
      return true;
    }
    tell(batch, transactions);
    return true;
  }

  /// Runs every job of the batch in a savepoint and makes all that succeeded durable at once.
  /// Returns those that have to run again; what is answered already never does.
  private List<Job<?>> commitApart(List<Job<?>> batch) {
    var done = new ArrayList<Job<?>>(batch.size());
    var transactions = new ArrayList<Tx>(batch.size());
    boolean committing = false;
    try {
      statements.execute("BEGIN IMMEDIATE");
      boolean scarce = reserve.isScarce(statements);
      for (var job : batch) {
        var tx = new Tx(statements);
        if (attempt(job, tx, scarce)) {
          done.add(job);
          transactions.add(tx);
        }
      }
      committing = true;
      statements.execute("COMMIT");
      files.requireInPlace();
    } catch (SQLException | RuntimeException e) {
      rollBack();
      reserve.lookAgain();
      var open = batch.stream().filter(job -> !job.isAnswered()).toList();
      if (!committing && open.size() < batch.size()) {
        return open;
      }
      failed(open, e);
      return List.of();
    }
    tell(done, transactions);
    return List.of();
  }

  /// Answers those whose transactions are durable, on another thread: waking them takes about as
  /// long as their transactions did, and the next batch need not wait for it.
  private static void tell(List<Job<?>> done, List<Tx> transactions) {
    Thread.startVirtualThread(
        () -> {
          for (int i = 0; i < done.size(); i++) {
            done.get(i).succeed(transactions.get(i));
          }
        });
  }

  /// Runs one job in a savepoint. A job that fails is answered at once; nothing of it remains.
  private boolean attempt(Job<?> job, Tx tx, boolean scarce) throws SQLException {
    statements.execute("SAVEPOINT job");
    try {
      if (!job.run(tx)) {
        tx.afterCommit().clear();
        statements.execute("ROLLBACK TO job");
      } else if (scarce && tx.urgency() == Urgency.ORDINARY) {
        throw new Outage("the room that is left on the disk is kept for what is urgent");
      }
    } catch (RuntimeException | Error failure) {
      job.fail(failure);
      statements.execute("ROLLBACK TO job");
      statements.execute("RELEASE job");
      return false;
    }
    statements.execute("RELEASE job");
    return true;
  }

  private static void failed(List<Job<?>> batch, Throwable cause) {
    var outage = new Outage("the commit failed", cause);
    batch.forEach(job -> job.fail(outage));
  }

  /// How many rows this connection has ever changed.
  private long changes() throws SQLException {
    return connection.getDatabase().total_changes();
  }

  private void rollBack() {
    try {
      statements.execute("ROLLBACK");
    } catch (SQLException e) {
      // SQLite has rolled back by itself where the failure was severe
      // (https://sqlite.org/lang_transaction.html).
      LOG.log(Level.DEBUG, "already rolled back", e);
    }
  }

  /// Answers those who came when the writer had ended already.
  private void refuseWaiting() {
    for (var job = waiting.poll(); job != null; job = waiting.poll()) {
      job.fail(new Outage(CLOSED));
    }
  }

  /// Commits what waits, refuses what comes from now on, and ends the writer.
  void close() throws SQLException, InterruptedException {
    closed = true;
    writing.join();
    watching.join();
    refuseWaiting();
    connection.close();
  }
}
