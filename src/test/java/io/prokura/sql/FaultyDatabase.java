package io.prokura.sql;

import io.prokura.kernel.Outage;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/// A database that fails when it is told to, at the worst moments there are.
public final class FaultyDatabase implements Database {

  /// When a call fails.
  public enum Fault {
    NONE,
    /// Nothing was begun.
    BEFORE,
    /// Everything was done, and is undone.
    BEFORE_COMMIT,
    /// None: everything was done, is undone, because it lost against another, and is done again.
    RUN_AGAIN,
    /// Everything was done and is durable, but nobody is told: neither the caller nor what was to
    /// follow the commit.
    ANSWER_LOST
  }

  /// Says which call fails.
  public interface Plan {
    Fault next(boolean writes);
  }

  private final Database database;
  private final AtomicInteger running = new AtomicInteger();
  private volatile Plan plan = _ -> Fault.NONE;

  public FaultyDatabase(Database database) {
    this.database = database;
  }

  /// Fails as `plan` says from now on. When this returns, every call under an earlier plan has
  /// ended.
  public void follow(Plan next) {
    plan = next;
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (running.get() > 0) {
      if (System.nanoTime() - until > 0) {
        throw new AssertionError("the database does not come to rest");
      }
      LockSupport.parkNanos(100_000);
    }
  }

  /// Has every transaction that may write fail, and every read where `reads` says so.
  public void fail(Fault fault, boolean reads) {
    follow(writes -> writes || reads ? fault : Fault.NONE);
  }

  public void heal() {
    follow(_ -> Fault.NONE);
  }

  @Override
  public <T> T inTransaction(Function<Tx, T> work) {
    running.incrementAndGet();
    try {
      return switch (plan.next(true)) {
        case NONE -> database.inTransaction(work);
        case BEFORE -> throw failure();
        case BEFORE_COMMIT -> database.inTransaction(tx -> undone(work, tx));
        case RUN_AGAIN -> {
          runInVain(work);
          yield database.inTransaction(work);
        }
        case ANSWER_LOST -> {
          database.inTransaction(tx -> silent(work, tx));
          throw failure();
        }
      };
    } finally {
      running.decrementAndGet();
    }
  }

  private static <T> T undone(Function<Tx, T> work, Tx tx) {
    var _ = work.apply(tx);
    throw failure();
  }

  private <T> void runInVain(Function<Tx, T> work) {
    try {
      database.inTransaction(tx -> undone(work, tx));
    } catch (Outage e) {
      if (!(e.getCause() instanceof SQLException)) {
        throw e;
      }
    }
  }

  private static <T> T silent(Function<Tx, T> work, Tx tx) {
    var result = work.apply(tx);
    tx.afterCommit().clear();
    return result;
  }

  @Override
  public <T> T read(Function<Tx, T> work) {
    running.incrementAndGet();
    try {
      return switch (plan.next(false)) {
        case NONE, RUN_AGAIN -> database.read(work);
        case BEFORE -> throw failure();
        case BEFORE_COMMIT, ANSWER_LOST -> {
          database.read(work);
          throw failure();
        }
      };
    } finally {
      running.decrementAndGet();
    }
  }

  private static Outage failure() {
    return new Outage(
        "statement failed: INSERT INTO entry (id) VALUES (?)",
        new SQLException("FATAL: terminating connection of user prokura"));
  }

  @Override
  public Dialect dialect() {
    return database.dialect();
  }

  @Override
  public void close() {
    database.close();
  }
}
