package io.prokura.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.kernel.Id;
import io.prokura.sql.Dialect;
import io.prokura.sql.Row;
import io.prokura.sql.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The SQL of the entries.
final class EntryStore {
  private static final String SELECTED =
      "SELECT e.seq, e.id, e.leaf, e.personal, e.free, " + PlaceStore.OF_ENTRY + " FROM entry e\n";

  private EntryStore() {}

  /// Where rows don't become visible in serial order, a new entry is also noted as pending.
  static void insert(Tx tx, Leaf leaf, Dialect dialect) {
    if (dialect.commitsInSerialOrder()) {
      tx.run(
          "INSERT INTO entry (id, about, at, leaf, personal, free) VALUES (?, ?, ?, ?, ?, ?)",
          leaf.id(),
          leaf.about(),
          leaf.at(),
          leaf.bytes(),
          leaf.personal(),
          leaf.free());
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
          leaf.bytes(),
          leaf.personal(),
          leaf.free());
    }
  }

  static Optional<Entry> find(Tx tx, Id.Entry id) {
    return tx.one(
        SELECTED
            + """
             WHERE e.id = ?
            """,
        EntryStore::entry,
        id);
  }

  /// The newest entry about a thing.
  static Optional<Entry> newestAbout(Tx tx, String about) {
    return tx.one(
        SELECTED
            + """
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
        SELECTED
            + """
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
        SELECTED
            + """
             WHERE e.about = ? AND e.seq < ?
             ORDER BY e.seq DESC
             LIMIT ?
            """,
        EntryStore::entry,
        about,
        before,
        count);
  }

  /// Entries after the serial number `after`, in order, without their places in the tree.
  static List<Entry> after(Tx tx, long after, int count) {
    return tx.list(
        """
        SELECT seq, id, leaf, personal, free
          FROM entry
         WHERE seq > ?
         ORDER BY seq
         LIMIT ?
        """,
        row ->
            new Entry(
                row.number(1),
                new Id.Entry(row.text(2)),
                new String(row.bytes(3), UTF_8),
                row.optionalText(4).orElse(""),
                row.optionalText(5).orElse(""),
                Entry.PENDING),
        after,
        count);
  }

  /// The first serial number of an entry made at `from` or later, looked for by halving since the
  /// times have no index; the times of neighbours are a little apart.
  static Optional<Long> firstSince(Tx tx, Instant from) {
    long low =
        tx.one("SELECT COALESCE(MIN(seq), 1) FROM entry", row -> row.number(1)).orElseThrow();
    long high =
        tx.one("SELECT COALESCE(MAX(seq), 0) FROM entry", row -> row.number(1)).orElseThrow() + 1;
    long last = high;
    while (low < high) {
      long middle = low + (high - low) / 2;
      var at =
          tx.one(
              "SELECT at FROM entry WHERE seq >= ? ORDER BY seq LIMIT 1",
              row -> row.instant(1),
              middle);
      if (at.isPresent() && at.get().isBefore(from)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < last ? Optional.of(low) : Optional.empty();
  }

  /// The leaves before the serial number `before`, newest first.
  static List<Entry.Dated> dated(Tx tx, long before, int count) {
    return tx.list(
        "SELECT seq, at, leaf FROM entry WHERE seq < ? ORDER BY seq DESC LIMIT ?",
        row -> new Entry.Dated(row.number(1), row.instant(2), new String(row.bytes(3), UTF_8)),
        before,
        count);
  }

  /// Forgets the free fields of entries older than `before`, in the order of their serial numbers;
  /// true when there may be more.
  ///
  /// Entries made at the same time may have got their numbers in another order. Such an entry is
  /// not old enough, and what comes after it waits for it.
  static boolean forgetFree(Tx tx, Instant before, int count) {
    long done =
        tx.one("SELECT seq FROM entry_forgotten WHERE one = 1", row -> row.number(1)).orElseThrow();
    var next =
        tx.list(
            "SELECT seq, at FROM entry WHERE seq > ? ORDER BY seq LIMIT ?",
            row -> new Aged(row.number(1), row.instant(2)),
            done,
            count);
    int old = 0;
    while (old < next.size() && next.get(old).at().isBefore(before)) {
      old++;
    }
    if (old == 0) {
      return false;
    }
    long upTo = next.get(old - 1).seq();
    tx.run("UPDATE entry SET free = NULL WHERE seq > ? AND seq <= ?", done, upTo);
    tx.run("UPDATE entry_forgotten SET seq = ? WHERE one = 1", upTo);
    return old == count;
  }

  private record Aged(long seq, Instant at) {}

  private static Entry entry(Row row) {
    return new Entry(
        row.number(1),
        new Id.Entry(row.text(2)),
        new String(row.bytes(3), UTF_8),
        row.optionalText(4).orElse(""),
        row.optionalText(5).orElse(""),
        row.optionalNumber(6).orElse(Entry.PENDING));
  }
}
