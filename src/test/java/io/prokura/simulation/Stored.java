package io.prokura.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.json.Json;
import io.prokura.sql.Database;
import io.prokura.sql.Row;
import java.util.List;

/// The record as it lies in the database, read past the server.
final class Stored {
  private final Database database;

  Stored(Database database) {
    this.database = database;
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
                SELECT e.leaf
                  FROM entry_run r JOIN entry e ON e.seq >= r.seq AND e.seq < r.seq + r.count
                 WHERE r.idx + e.seq - r.seq >= ?
                 ORDER BY r.idx + e.seq - r.seq
                """,
                row -> row.bytes(1),
                first));
  }

  /// The ids of the entries that have no place in the tree.
  List<String> pending() {
    return database.read(
        tx ->
            tx.list(
                """
                SELECT id FROM entry e WHERE NOT EXISTS
                    (SELECT 1 FROM entry_run r WHERE e.seq >= r.seq AND e.seq < r.seq + r.count)
                """,
                row -> row.text(1)));
  }
}
