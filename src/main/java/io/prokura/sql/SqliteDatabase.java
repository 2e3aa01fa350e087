package io.prokura.sql;

import io.prokura.kernel.Outage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteDataSource;

/// The embedded database: one file, one writer, many readers.
///
/// What is answered is durable (`synchronous=FULL`); transactions that wait at the same time share
/// one fsync ([GroupCommit]). Where little room is left only those are kept that say they are
/// urgent.
public final class SqliteDatabase implements Database {
  /// Entries are about 1.5 KiB each, so a page of the usual 4 KiB would hold two of them.
  private static final int PAGE = 8_192;

  /// Pages in the write-ahead log at which a commit moves them itself, should nobody else have.
  private static final int WAL_PAGES_MAX = 16_000;

  private static final String URL = "jdbc:sqlite:";
  private static final int READERS = 4;
  private static final int WAIT_SECONDS_MAX = 30;

  private final BlockingQueue<Statements> readers = new ArrayBlockingQueue<>(READERS);
  private final WalCheckpoints checkpoints;
  private final GroupCommit writer;
  private final FolderLock lock;
  private volatile boolean closed;

  private SqliteDatabase(SQLiteDataSource source, Path file, FolderLock lock) throws SQLException {
    this.lock = lock;
    for (int i = 0; i < READERS; i++) {
      var reader = new Statements(source.getConnection());
      reader.execute("PRAGMA query_only = ON");
      readers.add(reader);
    }
    checkpoints = new WalCheckpoints(source.getConnection());
    var connection = source.getConnection().unwrap(SQLiteConnection.class);
    var reserve = new Reserve(file.resolveSibling("reserve"));
    writer = new GroupCommit(connection, checkpoints, reserve, new OpenFiles(file));
  }

  /// Opens the database in `folder`, creating it when it is absent, and brings its schema up to
  /// date. The folder is locked against other processes. `pagesMax` bounds the file's size in pages
  /// of 8 KiB.
  public static SqliteDatabase open(Path folder, int pagesMax) {
    var lock = FolderLock.take(folder);
    var file = folder.resolve("prokura.db");
    try {
      create(file);
      var config = new SQLiteConfig();
      config.setJournalMode(SQLiteConfig.JournalMode.WAL);
      config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
      config.enforceForeignKeys(true);
      config.setBusyTimeout(5_000);
      config.setCacheSize(-32_000);
      config.setTempStore(SQLiteConfig.TempStore.MEMORY);
      config.setMaxPageCount(pagesMax);
      config.setPragma(SQLiteConfig.Pragma.WAL_AUTOCHECKPOINT, String.valueOf(WAL_PAGES_MAX));
      // Nobody asks for keys by that way, and the driver would run a query after every insert.
      config.setGetGeneratedKeys(false);
      var source = new SQLiteDataSource(config);
      source.setUrl(URL + file);
      Migrations.apply(source, Dialect.SQLITE);
      return new SqliteDatabase(source, file, lock);
    } catch (SQLException e) {
      lock.release();
      throw new Outage("cannot open " + file, e);
    } catch (RuntimeException e) {
      lock.release();
      throw e;
    }
  }

  /// Writes the first page of a new database, because the size of its pages can't be changed once
  /// it has a write-ahead log.
  private static void create(Path file) throws SQLException {
    if (Files.notExists(file)) {
      var config = new SQLiteConfig();
      config.setPageSize(PAGE);
      try (var connection = DriverManager.getConnection(URL + file, config.toProperties());
          var statement = connection.createStatement()) {
        statement.execute("VACUUM");
      }
    }
  }

  @Override
  public Dialect dialect() {
    return Dialect.SQLITE;
  }

  @Override
  public <T> T inTransaction(Function<Tx, T> work) {
    return writer.run(work);
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

  @Override
  public void close() {
    closed = true;
    try {
      writer.close();
      checkpoints.close();
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
