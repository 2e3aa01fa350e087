package io.prokura.sql;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// All that is stored, to see whether anything was written.
public final class Contents {
  /// What changes by itself or tells of what was refused: the record, when credentials were last
  /// used, and what finds out whether the database takes writes.
  private static final Set<String> RECORD =
      Set.of(
          "entry",
          "entry_run",
          "entry_pending",
          "entry_forgotten",
          "log_tile",
          "log_head",
          "person",
          "write_check");

  private static final String LAST_USED = "last_used";

  private Contents() {}

  /// The rows of every table but those of the record, each table as one text.
  public static Map<String, String> of(Database database) {
    return database.read(
        tx -> {
          var contents = new TreeMap<String, String>();
          for (var table : tables(tx, database.dialect())) {
            if (!RECORD.contains(table) && !table.startsWith("flyway")) {
              contents.put(table, rows(tx, database.dialect(), table));
            }
          }
          return contents;
        });
  }

  private static List<String> tables(Tx tx, Dialect dialect) {
    return tx.list(
        switch (dialect) {
          case SQLITE ->
              """
              SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
              """;
          case POSTGRES ->
              """
              SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'
              """;
        },
        row -> row.text(1));
  }

  private static String rows(Tx tx, Dialect dialect, String table) {
    var columns =
        tx
            .list(
                switch (dialect) {
                  case SQLITE -> "SELECT name FROM pragma_table_info(?)";
                  case POSTGRES ->
                      """
                      SELECT column_name FROM information_schema.columns
                       WHERE table_schema = 'public' AND table_name = ? ORDER BY ordinal_position
                      """;
                },
                row -> row.text(1),
                table)
            .stream()
            .filter(column -> !column.equals(LAST_USED))
            .toList();
    return String.join("\n", tx.list(select(dialect, table, columns), row -> row.text(1)));
  }

  private static String select(Dialect dialect, String table, List<String> columns) {
    var row =
        switch (dialect) {
          case SQLITE -> "quote(" + String.join(") || ' ' || quote(", columns) + ")";
          case POSTGRES -> "ROW(" + String.join(", ", columns) + ")::text";
        };
    return "SELECT " + row + " FROM " + table + " ORDER BY 1";
  }
}
