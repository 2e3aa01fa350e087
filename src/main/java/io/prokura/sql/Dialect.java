package io.prokura.sql;

import java.util.Map;

/// Everything in which the databases' SQL differs. Statements elsewhere are one text for both.
public enum Dialect {
  SQLITE("BLOB", "INTEGER PRIMARY KEY"),
  POSTGRES("BYTEA", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY");

  private final String blob;
  private final String serial;

  Dialect(String blob, String serial) {
    this.blob = blob;
    this.serial = serial;
  }

  /// The column types that migrations write as placeholders.
  Map<String, String> types() {
    return Map.of("blob", blob, "serial", serial);
  }

  /// Whether rows become visible in the order of their serial numbers. One writer commits in the
  /// order it inserts; many writers do not.
  public boolean commitsInSerialOrder() {
    return this == SQLITE;
  }
}
