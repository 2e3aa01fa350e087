package io.prokura.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.sql.Dialect;
import io.prokura.sql.Row;
import io.prokura.sql.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The SQL of the entries and of their places in the tree.
final class EntryStore {
  private EntryStore() {}

  /// Where rows don't become visible in serial order, a new entry is also noted as pending.
  static void insert(Tx tx, Leaf leaf, Dialect dialect) {
    var bytes = leaf.text().getBytes(UTF_8);
    var personal = stored(leaf.personal());
    var free = stored(leaf.free());
    if (dialect.commitsInSerialOrder()) {
      tx.run(
          "INSERT INTO entry (id, about, at, leaf, personal, free) VALUES (?, ?, ?, ?, ?, ?)",
          leaf.id(),
          leaf.about(),
          leaf.at(),
          bytes,
          personal,
          free);
    } else {
      tx.run(
          """
          WITH added AS (
            INSERT INTO entry (id, about, at, leaf, personal, free) VALUES (?, ?, ?, ?, ?, ?)
            RETURNING seq
          )
          INSERT INTO entry_pending (seq) SELECT seq FROM added
          """,
          leaf.id(),
          leaf.about(),
          leaf.at(),
          bytes,
          personal,
          free);
    }
  }

  static Optional<Entry> find(Tx tx, Id.Entry id) {
    return tx.one(
        """
        SELECT e.seq, e.id, e.leaf, e.personal, e.free, i.idx
          FROM entry e LEFT JOIN entry_index i ON i.seq = e.seq
         WHERE e.id = ?
        """,
        EntryStore::entry,
        id);
  }

  /// The newest entry about a thing.
  static Optional<Entry> newestAbout(Tx tx, String about) {
    return tx.one(
        """
        SELECT e.seq, e.id, e.leaf, e.personal, e.free, i.idx
          FROM entry e LEFT JOIN entry_index i ON i.seq = e.seq
         WHERE e.about = ?
         ORDER BY e.seq DESC
         LIMIT 1
        """,
        EntryStore::entry,
        about);
  }

  /// Entries before the serial number `before`, newest first.
  static List<Entry> newest(Tx tx, long before, int count) {
    return tx.list(
        """
        SELECT e.seq, e.id, e.leaf, e.personal, e.free, i.idx
          FROM entry e LEFT JOIN entry_index i ON i.seq = e.seq
         WHERE e.seq < ?
         ORDER BY e.seq DESC
         LIMIT ?
        """,
        EntryStore::entry,
        before,
        count);
  }

  /// Entries about a thing before the serial number `before`, newest first.
  static List<Entry> newestAbout(Tx tx, String about, long before, int count) {
    return tx.list(
        """
        SELECT e.seq, e.id, e.leaf, e.personal, e.free, i.idx
          FROM entry e LEFT JOIN entry_index i ON i.seq = e.seq
         WHERE e.about = ? AND e.seq < ?
         ORDER BY e.seq DESC
         LIMIT ?
        """,
        EntryStore::entry,
        about,
        before,
        count);
  }

  /// The leaves before the serial number `before`, newest first.
  static List<Entry.Dated> dated(Tx tx, long before, int count) {
    return tx.list(
        "SELECT seq, at, leaf FROM entry WHERE seq < ? ORDER BY seq DESC LIMIT ?",
        row -> new Entry.Dated(row.number(1), row.instant(2), new String(row.bytes(3), UTF_8)),
        before,
        count);
  }

  /// The serial numbers of entries that have no place in the tree yet, oldest first.
  static List<Long> pending(Tx tx, Dialect dialect, int count) {
    return dialect.commitsInSerialOrder()
        ? tx.list(
            """
            SELECT seq
              FROM entry
             WHERE seq > (SELECT coalesce(max(seq), 0) FROM entry_index)
             ORDER BY seq
             LIMIT ?
            """,
            row -> row.number(1),
            count)
        : tx.list(
            """
            DELETE FROM entry_pending
             WHERE seq IN (SELECT seq FROM entry_pending ORDER BY seq LIMIT ?)
            RETURNING seq
            """,
            row -> row.number(1),
            count);
  }

  static void index(Tx tx, long idx, long seq) {
    tx.run("INSERT INTO entry_index (idx, seq) VALUES (?, ?)", idx, seq);
  }

  static long indexed(Tx tx) {
    return tx.one("SELECT coalesce(max(idx), -1) + 1 FROM entry_index", row -> row.number(1))
        .orElseThrow();
  }

  /// The leaves with indices from `start` on, in the order of the tree.
  static List<byte[]> leaves(Tx tx, long start, int count) {
    return tx.list(
        """
        SELECT e.leaf
          FROM entry_index i JOIN entry e ON e.seq = i.seq
         WHERE i.idx >= ? AND i.idx < ?
         ORDER BY i.idx
        """,
        row -> row.bytes(1),
        start,
        start + count);
  }

  /// Forgets the free fields of entries older than `before`; true when there may be more.
  static boolean forgetFree(Tx tx, Instant before, int count) {
    return tx.run(
            """
            UPDATE entry SET free = NULL
             WHERE seq IN (SELECT seq FROM entry
                            WHERE free IS NOT NULL AND at < ?
                            ORDER BY seq LIMIT ?)
            """,
            before,
            count)
        == count;
  }

  private static Entry entry(Row row) {
    return new Entry(
        row.number(1),
        new Id.Entry(row.text(2)),
        new String(row.bytes(3), UTF_8),
        row.optionalText(4).orElse(""),
        row.optionalText(5).orElse(""),
        row.optionalNumber(6).orElse(Entry.PENDING));
  }

  private static Optional<String> stored(Json.Obj sealed) {
    return sealed.members().isEmpty() ? Optional.empty() : Optional.of(sealed.toText());
  }
}
