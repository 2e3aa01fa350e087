package io.prokura.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.json.Json;
import io.prokura.sql.Database;
import io.prokura.sql.Dialect;
import io.prokura.sql.Row;
import java.util.List;
import java.util.stream.Collectors;

/// What the database holds, read past the server.
final class Stored {
  /// Tables of the record, of its people, and of things good once: they may grow when a request is
  /// refused.
  private static final List<String> NO_REGISTERS =
      List.of(
          "entry", "entry_index", "entry_pending", "log_head", "log_tile", "person", "one_time");

  private final Database database;
  private final String registers;

  Stored(Database database) {
    this.database = database;
    registers = database.read(tx -> registers(database.dialect(), tx));
  }

  /// The serial number of the newest entry.
  long newest() {
    return database
        .read(tx -> tx.one("SELECT coalesce(max(seq), 0) FROM entry", row -> row.number(1)))
        .orElseThrow();
  }

  /// Entries after a place, oldest first.
  List<Entry> entriesAfter(long place) {
    return database.read(
        tx ->
            tx.list(
                "SELECT seq, id, about, leaf FROM entry WHERE seq > ? ORDER BY seq",
                Stored::entry,
                place));
  }

  private static Entry entry(Row row) {
    var leaf = JsonText.object(new String(row.bytes(4), UTF_8));
    return new Entry(
        row.number(1),
        row.text(2),
        row.text(3),
        leaf.text("type").orElseThrow(),
        leaf.object("facts").orElse(Json.object().build()));
  }

  /// A leaf with its entry's serial number.
  record Leaf(long place, String text) {}

  List<Leaf> leaves() {
    return database.read(
        tx ->
            tx.list(
                "SELECT seq, leaf FROM entry ORDER BY seq",
                row -> new Leaf(row.number(1), new String(row.bytes(2), UTF_8))));
  }

  /// The leaves that have an index, from `first` on, in the order of the tree.
  List<byte[]> indexedFrom(long first) {
    return database.read(
        tx ->
            tx.list(
                """
                SELECT e.leaf FROM entry_index i JOIN entry e ON e.seq = i.seq
                 WHERE i.idx >= ? ORDER BY i.idx
                """,
                row -> row.bytes(1),
                first));
  }

  /// The entries that have no place in the tree.
  List<String> pending() {
    return database.read(
        tx ->
            tx.list(
                "SELECT id FROM entry WHERE seq NOT IN (SELECT seq FROM entry_index)",
                row -> row.text(1)));
  }

  /// All that stands in the registers, as one text.
  String registers() {
    return database.read(tx -> tx.one(registers, row -> row.text(1))).orElseThrow();
  }

  /// One query over all tables, in which every row is a text.
  private static String registers(Dialect dialect, io.prokura.sql.Tx tx) {
    return switch (dialect) {
      case SQLITE ->
          tables(tx, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").stream()
              .map(
                  table ->
                      "SELECT coalesce(group_concat("
                          + columns(tx, table)
                          + "), '') AS part"
                          + " FROM (SELECT * FROM "
                          + table
                          + " ORDER BY rowid)")
              .collect(
                  Collectors.joining(" UNION ALL ", "SELECT group_concat(part, ';') FROM (", ")"));
      case POSTGRES ->
          tables(
                  tx,
                  "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
              .stream()
              .map(
                  table ->
                      "SELECT coalesce(string_agg(t::text, ',' ORDER BY t::text), '') AS part"
                          + " FROM (SELECT "
                          + (table.equals("credential") ? "id, holder, revoked_at" : "*")
                          + " FROM "
                          + table
                          + ") t")
              .collect(
                  Collectors.joining(" UNION ALL ", "SELECT string_agg(part, ';') FROM (", ") p"));
    };
  }

  private static List<String> tables(io.prokura.sql.Tx tx, String query) {
    return tx.list(query, row -> row.text(1)).stream()
        .filter(table -> !NO_REGISTERS.contains(table))
        .filter(table -> !table.startsWith("sqlite_") && !table.startsWith("flyway_"))
        .toList();
  }

  private static String columns(io.prokura.sql.Tx tx, String table) {
    return tx.list("SELECT name FROM pragma_table_info(?)", row -> row.text(1), table).stream()
        .filter(column -> !column.equals("last_used"))
        .map(column -> "quote(" + column + ")")
        .collect(Collectors.joining(" || '|' || "));
  }
}
