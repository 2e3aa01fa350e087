package io.prokura.simulation;

import io.prokura.sql.Database;
import io.prokura.sql.Dialect;
import io.prokura.sql.Tx;
import java.util.List;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The registers as they lie in the database: all rows of all tables as one text, to see whether
/// anything has changed.
///
/// Not among them are the record, its people and what is good once, all of which may grow when a
/// request is refused, and when a credential was last used.
final class StoredRegisters {
  private static final List<String> OTHERS =
      List.of(
          "entry",
          "entry_run",
          "entry_pending",
          "entry_forgotten",
          "log_head",
          "log_tile",
          "person",
          "one_time");

  private final Database database;
  private final String query;

  StoredRegisters(Database database) {
    this.database = database;
    query = database.read(tx -> query(tx, database.dialect()));
  }

  String text() {
    return database.read(tx -> tx.one(query, row -> row.text(1))).orElseThrow();
  }

  private static String query(Tx tx, Dialect dialect) {
    return switch (dialect) {
      case SQLITE ->
          tables(tx, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
              .map(table -> sqlite(tx, table))
              .collect(joined("group_concat"));
      case POSTGRES ->
          tables(tx, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
              .map(StoredRegisters::postgres)
              .collect(joined("string_agg"));
    };
  }

  private static Stream<String> tables(Tx tx, String query) {
    return tx.list(query, row -> row.text(1)).stream()
        .filter(table -> !OTHERS.contains(table))
        .filter(table -> !table.startsWith("sqlite_") && !table.startsWith("flyway_"));
  }

  private static Collector<CharSequence, ?, String> joined(String together) {
    // Ordered, because a database may take the parts of a union in any order.
    return Collectors.joining(
        " UNION ALL ", "SELECT " + together + "(part, ';' ORDER BY part) FROM (", ") p");
  }

  private static String sqlite(Tx tx, String table) {
    var columns =
        tx.list("SELECT name FROM pragma_table_info(?)", row -> row.text(1), table).stream()
            .filter(column -> !column.equals("last_used"))
            .map(column -> "quote(" + column + ")")
            .collect(Collectors.joining(" || '|' || "));
    return "SELECT coalesce(group_concat(%s), '') AS part FROM (SELECT * FROM %s ORDER BY rowid)"
        .formatted(columns, table);
  }

  private static String postgres(String table) {
    var columns = table.equals("credential") ? "id, holder, revoked_at" : "*";
    return """
        SELECT coalesce(string_agg(t::text, ',' ORDER BY t::text), '') AS part
          FROM (SELECT %s FROM %s) t
        """
        .formatted(columns, table);
  }
}
