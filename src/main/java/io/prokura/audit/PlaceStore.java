package io.prokura.audit;

import io.prokura.kernel.Outage;
import io.prokura.sql.Dialect;
import io.prokura.sql.Row;
import io.prokura.sql.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The SQL of the entries' places in the tree. Entries whose serial numbers follow one another
/// nearly always follow one another in the tree too, so places are stored as runs of them.
final class PlaceStore {

  /// Joined to `entry e`: the place of an entry, `NULL` when it has none yet.
  static final String OF_ENTRY =
      """
      (SELECT CASE WHEN e.seq < r.seq + r.count THEN r.idx + e.seq - r.seq END
         FROM entry_run r
        WHERE r.seq <= e.seq
        ORDER BY r.seq DESC
        LIMIT 1)
      """;

  private PlaceStore() {}

  /// `count` entries from the serial number `seq` on, which stand in the tree from `idx` on.
  record Run(long idx, long seq, long count) {
    Run {
      if (count < 1) {
        throw new IllegalArgumentException("an empty run");
      }
    }

    boolean isFollowedBy(long otherSeq) {
      return otherSeq == seq + count;
    }

    Run longer(long more) {
      return new Run(idx, seq, count + more);
    }

    /// The part that stands in the tree from `start` on and before `end`.
    Run within(long start, long end) {
      long from = Math.max(idx, start);
      long to = Math.min(idx + count, end);
      return new Run(from, seq + from - idx, to - from);
    }
  }

  /// Gives up to `max` entries that have no place yet the next ones; returns how many have one.
  static long assign(Tx tx, Dialect dialect, int max) {
    var last = last(tx);
    long next = last.map(run -> run.idx() + run.count()).orElse(0L);
    var waiting =
        dialect.commitsInSerialOrder()
            ? newer(tx, last.map(run -> run.seq() + run.count()).orElse(1L), max)
            : pending(tx, max);
    for (var part : waiting) {
      var run =
          last.filter(before -> before.isFollowedBy(part.seq()))
              .map(before -> before.longer(part.count()))
              .orElse(new Run(next, part.seq(), part.count()));
      put(tx, run);
      last = Optional.of(run);
      next += part.count();
    }
    return next;
  }

  /// Serial numbers that follow one another.
  private record Part(long seq, long count) {}

  private static Optional<Run> last(Tx tx) {
    return tx.one(
        "SELECT idx, seq, count FROM entry_run ORDER BY idx DESC LIMIT 1", PlaceStore::run);
  }

  /// Where rows become visible in serial order, and none is ever taken out, what is new is all that
  /// is greater.
  private static List<Part> newer(Tx tx, long from, int max) {
    long end =
        tx.one("SELECT coalesce(max(seq), 0) + 1 FROM entry", row -> row.number(1)).orElseThrow();
    return end > from ? List.of(new Part(from, Math.min(end - from, max))) : List.of();
  }

  private static List<Part> pending(Tx tx, int max) {
    var numbers =
        tx.list(
            """
            DELETE FROM entry_pending
             WHERE seq IN (SELECT seq FROM entry_pending ORDER BY seq LIMIT ?)
            RETURNING seq
            """,
            row -> row.number(1),
            max);
    var parts = new ArrayList<Part>();
    for (long seq : numbers.stream().sorted().toList()) {
      var last = parts.isEmpty() ? new Part(0, 0) : parts.getLast();
      if (last.count() > 0 && seq == last.seq() + last.count()) {
        parts.set(parts.size() - 1, new Part(last.seq(), last.count() + 1));
      } else {
        parts.add(new Part(seq, 1));
      }
    }
    return parts;
  }

  private static void put(Tx tx, Run run) {
    tx.run(
        """
        INSERT INTO entry_run (idx, seq, count) VALUES (?, ?, ?)
            ON CONFLICT (idx) DO UPDATE SET count = excluded.count
        """,
        run.idx(),
        run.seq(),
        run.count());
  }

  /// How many entries have a place.
  static long assigned(Tx tx) {
    return last(tx).map(run -> run.idx() + run.count()).orElse(0L);
  }

  /// The leaves with places from `start` on and before `end`, in the order of the tree. Throws
  /// [Outage] when one of them is missing.
  static List<byte[]> leaves(Tx tx, long start, long end) {
    var leaves = new ArrayList<byte[]>((int) (end - start));
    var runs =
        tx.list(
            """
            SELECT idx, seq, count FROM entry_run
             WHERE idx >= (SELECT coalesce(max(idx), 0) FROM entry_run WHERE idx <= ?) AND idx < ?
             ORDER BY idx
            """,
            PlaceStore::run,
            start,
            end);
    for (var run : runs) {
      var part = run.within(start, end);
      leaves.addAll(
          tx.list(
              "SELECT leaf FROM entry WHERE seq >= ? AND seq < ? ORDER BY seq",
              row -> row.bytes(1),
              part.seq(),
              part.seq() + part.count()));
    }
    if (leaves.size() != end - start) {
      throw new Outage("entries of the tree are missing from the database");
    }
    return leaves;
  }

  private static Run run(Row row) {
    return new Run(row.number(1), row.number(2), row.number(3));
  }
}
