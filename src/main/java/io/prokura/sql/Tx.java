package io.prokura.sql;

import io.prokura.kernel.Id;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// One open transaction. Arguments may be text, numbers, flags, bytes, [Instant]s (stored as epoch
/// milliseconds), [Id]s (stored as text) and `Optional`s of these (empty is `NULL`).
public final class Tx {
  private final Statements statements;
  private final List<Runnable> afterCommit = new ArrayList<>(0);
  private Urgency urgency = Urgency.ORDINARY;

  Tx(Statements statements) {
    this.statements = statements;
  }

  /// All rows of a query.
  public <T> List<T> list(String sql, Function<Row, T> mapper, Object... arguments) {
    try {
      var statement = bound(sql, arguments);
      try (var result = statement.executeQuery()) {
        var rows = new ArrayList<T>();
        var row = new Row(result);
        while (result.next()) {
          rows.add(mapper.apply(row));
        }
        return rows;
      }
    } catch (SQLException e) {
      throw statements.outage(sql, e);
    }
  }

  /// The only row of a query that has at most one.
  public <T> Optional<T> one(String sql, Function<Row, T> mapper, Object... arguments) {
    var rows = list(sql, mapper, arguments);
    if (rows.size() > 1) {
      throw new IllegalStateException("more than one row: " + sql);
    }
    return rows.isEmpty() ? Optional.empty() : Optional.of(rows.getFirst());
  }

  /// Runs a statement that changes rows and tells how many it changed.
  public int run(String sql, Object... arguments) {
    try {
      return bound(sql, arguments).executeUpdate();
    } catch (SQLException e) {
      throw statements.outage(sql, e);
    }
  }

  /// Has `effect` run on the calling thread once the transaction is durable, before its result is
  /// returned; never when it fails.
  public void afterCommit(Runnable effect) {
    afterCommit.add(effect);
  }

  /// Says that this transaction has to get through even where there is little room left.
  public void makeUrgent() {
    urgency = Urgency.URGENT;
  }

  Urgency urgency() {
    return urgency;
  }

  List<Runnable> afterCommit() {
    return afterCommit;
  }

  private PreparedStatement bound(String sql, Object... arguments) throws SQLException {
    var statement = statements.prepared(sql);
    for (int i = 0; i < arguments.length; i++) {
      bind(statement, i + 1, arguments[i]);
    }
    return statement;
  }

  private static void bind(PreparedStatement statement, int index, Object argument)
      throws SQLException {
    switch (argument) {
      case String text -> statement.setString(index, text);
      case Id id -> statement.setString(index, id.text());
      case Long number -> statement.setLong(index, number);
      case Integer number -> statement.setInt(index, number);
      case Instant instant -> statement.setLong(index, instant.toEpochMilli());
      case Boolean flag -> statement.setBoolean(index, flag);
      case byte[] bytes -> statement.setBytes(index, bytes);
      case Optional<?> optional when optional.isEmpty() -> statement.setObject(index, null);
      case Optional<?> optional -> bind(statement, index, optional.get());
      default -> throw new IllegalArgumentException("cannot bind " + argument.getClass());
    }
  }
}
