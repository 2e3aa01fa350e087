package io.prokura.sql;

import io.prokura.kernel.Outage;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The current row of a result. Columns are numbered from 1 in the order of the `SELECT`.
public final class Row {
  private final ResultSet result;

  Row(ResultSet result) {
    this.result = result;
  }

  public String text(int column) {
    return present(column, read(column, ResultSet::getString));
  }

  public Optional<String> optionalText(int column) {
    return Optional.ofNullable(read(column, ResultSet::getString));
  }

  public long number(int column) {
    return read(column, ResultSet::getLong);
  }

  public int integer(int column) {
    return read(column, ResultSet::getInt);
  }

  public boolean flag(int column) {
    return read(column, ResultSet::getBoolean);
  }

  public byte[] bytes(int column) {
    return present(column, read(column, ResultSet::getBytes));
  }

  public Optional<byte[]> optionalBytes(int column) {
    return Optional.ofNullable(read(column, ResultSet::getBytes));
  }

  public Instant instant(int column) {
    return Instant.ofEpochMilli(number(column));
  }

  public Optional<Long> optionalNumber(int column) {
    long value = number(column);
    return read(column, (row, _) -> row.wasNull()) ? Optional.empty() : Optional.of(value);
  }

  public Optional<Instant> optionalInstant(int column) {
    return optionalNumber(column).map(Instant::ofEpochMilli);
  }

  private static <T> T present(int column, @Nullable T value) {
    if (value == null) {
      throw new Outage("column " + column + " is null");
    }
    return value;
  }

  private <T extends @Nullable Object> T read(int column, Getter<T> getter) {
    try {
      return getter.get(result, column);
    } catch (SQLException e) {
      throw new Outage("column " + column + " unreadable", e);
    }
  }

  @FunctionalInterface
  private interface Getter<T extends @Nullable Object> {
    T get(ResultSet row, int column) throws SQLException;
  }
}
