package io.prokura.sql;

import io.prokura.kernel.Outage;
import io.prokura.kernel.Result;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/// The embedded database: one file, one writer, many readers.
///
/// Transactions that wait at the same time are committed together, so that they share one fsync;
/// each runs in a savepoint of its own, so that one that fails takes no other with it. None is
/// answered before the shared commit is durable (`synchronous=FULL`).
public final class SqliteDatabase implements Database {
  private static final int BATCH_MAX = 512;
  private static final int QUEUE_MAX = 20_000;
  private static final int READERS = 4;
  private static final int WAIT_SECONDS_MAX = 30;
  private static final String CLOSED = "the database is closed";

  private final BlockingQueue<Job<?>> waiting = new ArrayBlockingQueue<>(QUEUE_MAX);
  private final BlockingQueue<Statements> readers = new ArrayBlockingQueue<>(READERS);
  private final Statements writer;
  private final Thread writing;
  private final FolderLock lock;
  private volatile boolean closed;

  /// One waiting transaction.
  private static final class Job<T> {
    final Function<Tx, T> work;
    final CompletableFuture<Tx> durable = new CompletableFuture<>();
    final AtomicBoolean taken = new AtomicBoolean();
    private final List<T> result = new ArrayList<>(1);

    Job(Function<Tx, T> work) {
      this.work = work;
    }

    /// Runs the work; true when what it wrote is to be kept.
    boolean run(Tx tx) {
      var value = work.apply(tx);
      result.clear();
      result.add(value);
      return !(value instanceof Result.Refused<?>);
    }

    T result() {
      return result.getFirst();
    }
  }

  private SqliteDatabase(SQLiteDataSource source, FolderLock lock) throws SQLException {
    this.lock = lock;
    writer = new Statements(source.getConnection());
    for (int i = 0; i < READERS; i++) {
      var reader = new Statements(source.getConnection());
      reader.execute("PRAGMA query_only = ON");
      readers.add(reader);
    }
    writing = Thread.ofPlatform().name("sqlite-writer").daemon().start(this::write);
  }

  /// Opens the database in `folder`, creating it when it is absent, and brings its schema up to
  /// date. The folder is locked against other processes. `pagesMax` bounds the file's size in pages
  /// of 4 KiB.
  public static SqliteDatabase open(Path folder, int pagesMax) {
    var lock = FolderLock.take(folder);
    var file = folder.resolve("prokura.db");
    try {
      var config = new SQLiteConfig();
      config.setJournalMode(SQLiteConfig.JournalMode.WAL);
      config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
      config.enforceForeignKeys(true);
      config.setBusyTimeout(5_000);
      config.setCacheSize(-32_000);
      config.setTempStore(SQLiteConfig.TempStore.MEMORY);
      config.setMaxPageCount(pagesMax);
      var source = new SQLiteDataSource(config);
      source.setUrl("jdbc:sqlite:" + file);
      Migrations.apply(source, Dialect.SQLITE);
      return new SqliteDatabase(source, lock);
    } catch (SQLException e) {
      lock.release();
      throw new Outage("cannot open " + file, e);
    } catch (RuntimeException e) {
      lock.release();
      throw e;
    }
  }

  @Override
  public Dialect dialect() {
    return Dialect.SQLITE;
  }

  @Override
  public <T> T inTransaction(Function<Tx, T> work) {
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
    var tx = await(job);
    tx.afterCommit().forEach(Runnable::run);
    return job.result();
  }

  private static Tx await(Job<?> job) {
    try {
      return job.durable.get(WAIT_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new Outage("transaction failed", e);
    } catch (TimeoutException e) {
      if (job.taken.compareAndSet(false, true)) {
        throw new Outage("the database did not take the transaction in time", e);
      }
      throw new Outage("the database did not finish the transaction in time", e);
    } catch (InterruptedException e) {
      job.taken.compareAndSet(false, true);
      Thread.currentThread().interrupt();
      throw new Outage("interrupted while waiting for the database", e);
    }
  }

  @Override
  public <T> T read(Function<Tx, T> work) {
    var reader = takeReader();
    try {
      reader.execute("BEGIN");
      try {
        return work.apply(new Tx(reader));
      } finally {
        reader.execute("ROLLBACK");
      }
    } catch (SQLException e) {
      throw reader.outage("read", e);
    } finally {
      readers.add(reader);
    }
  }

  private Statements takeReader() {
    try {
      var reader = closed ? null : readers.poll(WAIT_SECONDS_MAX, TimeUnit.SECONDS);
      if (reader == null) {
        throw new Outage("no reader became free in time");
      }
      return reader;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Outage("interrupted while waiting for a reader", e);
    }
  }

  private void write() {
    var batch = new ArrayList<Job<?>>(BATCH_MAX);
    while (!closed || !waiting.isEmpty()) {
      try {
        var first = waiting.poll(100, TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          waiting.drainTo(batch, BATCH_MAX - 1);
          commit(batch.stream().filter(job -> job.taken.compareAndSet(false, true)).toList());
        }
      } catch (InterruptedException e) {
        closed = true;
      }
      batch.clear();
    }
  }

  /// Makes a batch durable. A failure that makes SQLite undo the whole transaction, as a full disk
  /// does, ends the job it happened to; the others run again without it.
  private void commit(List<Job<?>> batch) {
    var rest = batch;
    while (!rest.isEmpty()) {
      rest = commitTogether(rest);
    }
  }

  /// Runs every job of the batch and makes all that succeeded durable at once. Returns those that
  /// have to run again; what is answered already never does.
  private List<Job<?>> commitTogether(List<Job<?>> batch) {
    var done = new ArrayList<Job<?>>(batch.size());
    var transactions = new ArrayList<Tx>(batch.size());
    boolean committing = false;
    try {
      writer.execute("BEGIN IMMEDIATE");
      for (var job : batch) {
        var tx = new Tx(writer);
        if (attempt(job, tx)) {
          done.add(job);
          transactions.add(tx);
        }
      }
      committing = true;
      writer.execute("COMMIT");
    } catch (SQLException | RuntimeException e) {
      rollBack();
      var open = batch.stream().filter(job -> !job.durable.isDone()).toList();
      if (!committing && open.size() < batch.size()) {
        return open;
      }
      var outage = new Outage("the commit failed", e);
      open.forEach(job -> job.durable.completeExceptionally(outage));
      return List.of();
    }
    for (int i = 0; i < done.size(); i++) {
      done.get(i).durable.complete(transactions.get(i));
    }
    return List.of();
  }

  /// Runs one job in a savepoint. A job that fails is answered at once; nothing of it remains.
  private boolean attempt(Job<?> job, Tx tx) throws SQLException {
    writer.execute("SAVEPOINT job");
    try {
      if (!job.run(tx)) {
        tx.afterCommit().clear();
        writer.execute("ROLLBACK TO job");
      }
    } catch (RuntimeException | Error failure) {
      job.durable.completeExceptionally(failure);
      writer.execute("ROLLBACK TO job");
      writer.execute("RELEASE job");
      return false;
    }
    writer.execute("RELEASE job");
    return true;
  }

  private void rollBack() {
    try {
      writer.execute("ROLLBACK");
    } catch (SQLException e) {
      // SQLite has rolled back by itself where the failure was severe
      // (https://sqlite.org/lang_transaction.html).
      System.getLogger("prokura.sql").log(System.Logger.Level.DEBUG, "already rolled back", e);
    }
  }

  /// Answers those who came when the writer had ended already.
  private void refuseWaiting() {
    for (var job = waiting.poll(); job != null; job = waiting.poll()) {
      job.durable.completeExceptionally(new Outage(CLOSED));
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      writing.join();
      refuseWaiting();
      writer.connection().close();
      for (var reader : readers) {
        reader.connection().close();
      }
    } catch (SQLException e) {
      throw new Outage("cannot close the database", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.release();
    }
  }
}
