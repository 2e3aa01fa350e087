package io.prokura.sql;

import io.prokura.kernel.Outage;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;

/// Moves what is committed from SQLite's write-ahead log into the database file, on a thread and a
/// connection of its own, so that commits need not.
///
/// While others write, the log is never empty for a moment and so would grow for ever. Once it is
/// long, the writer is asked to move the little that is left between two commits; then the log
/// begins anew (https://sqlite.org/wal.html#avoiding_excessively_large_wal_files).
final class WalCheckpoints {
  private static final System.Logger LOG = System.getLogger("prokura.sql");
  private static final long PAUSE_MILLIS = 20;

  /// Pages in the log that are worth moving.
  private static final int MOVE = 1_000;

  /// Pages in the log that are too many.
  private static final int LONG = 4_000;

  private final Connection connection;
  private final Statements statements;
  private final Thread thread;
  private volatile boolean finishing;
  private volatile boolean closed;

  /// How many pages the log holds, and how many of them have been moved.
  private record State(long pages, long moved) {}

  WalCheckpoints(Connection connection) {
    this.connection = connection;
    statements = new Statements(connection);
    thread = Thread.ofPlatform().name("sqlite-checkpoint").daemon().start(this::run);
  }

  /// Has the writer, on its own connection and outside of any transaction, do its part when there
  /// is one.
  void finish(Statements writer) {
    if (finishing) {
      finishing = false;
      try {
        checkpoint(writer, "PASSIVE");
      } catch (Outage e) {
        LOG.log(Level.WARNING, "the write-ahead log could not be moved", e);
      }
    }
  }

  private void run() {
    while (!closed) {
      try {
        Thread.sleep(PAUSE_MILLIS);
        var state = checkpoint(statements, "NOOP");
        if (state.pages() - state.moved() >= MOVE) {
          finishing = checkpoint(statements, "PASSIVE").pages() >= LONG;
        }
      } catch (InterruptedException e) {
        return;
      } catch (Outage e) {
        LOG.log(Level.WARNING, "the write-ahead log could not be moved", e);
      }
    }
  }

  private static State checkpoint(Statements statements, String mode) {
    return new Tx(statements)
        .one("PRAGMA wal_checkpoint(" + mode + ")", row -> new State(row.number(2), row.number(3)))
        .orElseThrow();
  }

  void close() throws SQLException, InterruptedException {
    closed = true;
    thread.join();
    connection.close();
  }
}
