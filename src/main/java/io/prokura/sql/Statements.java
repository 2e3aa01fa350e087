package io.prokura.sql;

import io.prokura.kernel.Outage;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;

/// The prepared statements of one connection, kept open between transactions because preparing
/// costs more than running. Used by one thread at a time.
final class Statements {
  private static final int KEPT_MAX = 200;

  private final Connection connection;
  private final LinkedHashMap<String, PreparedStatement> kept =
      new LinkedHashMap<>(256, 0.75f, true);

  Statements(Connection connection) {
    this.connection = connection;
  }

  PreparedStatement prepared(String sql) throws SQLException {
    var known = kept.get(sql);
    if (known != null) {
      return known;
    }
    if (kept.size() >= KEPT_MAX) {
      var eldest = kept.pollFirstEntry();
      eldest.getValue().close();
    }
    var statement = connection.prepareStatement(sql);
    kept.put(sql, statement);
    return statement;
  }

  void execute(String sql) throws SQLException {
    try {
      prepared(sql).execute();
    } catch (SQLException e) {
      forget(sql);
      throw e;
    }
  }

  Connection connection() {
    return connection;
  }

  /// The failure of `sql` as an outage. It names the statement, never its arguments.
  Outage outage(String sql, SQLException cause) {
    forget(sql);
    return new Outage("statement failed: " + sql.strip().replaceAll("\\s+", " "), cause);
  }

  /// Keeps a statement that has failed no longer. SQLite's driver ends one that failed for want of
  /// room, and the same statement would fail for ever after.
  private void forget(String sql) {
    var failed = kept.remove(sql);
    if (failed != null) {
      try {
        failed.close();
      } catch (SQLException e) {
        System.getLogger("prokura.sql").log(System.Logger.Level.DEBUG, "not closed", e);
      }
    }
  }
}
