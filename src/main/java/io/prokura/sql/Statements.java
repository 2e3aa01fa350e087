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
    prepared(sql).execute();
  }

  Connection connection() {
    return connection;
  }

  /// The failure of `sql` as an outage. It names the statement, never its arguments.
  Outage outage(String sql, SQLException cause) {
    return new Outage("statement failed: " + sql.strip().replaceAll("\\s+", " "), cause);
  }
}
