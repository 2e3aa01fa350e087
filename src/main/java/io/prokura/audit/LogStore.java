package io.prokura.audit;

import io.prokura.sql.Tx;
import io.prokura.tlog.Hash;
import io.prokura.tlog.Tile;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The SQL of the tree: its newest head and its tiles.
final class LogStore {
  private LogStore() {}

  /// The stored head: the log's origin, the size of the tree, and the signed checkpoint, which is
  /// empty for a tree that has none yet.
  record Head(String origin, long size, String note) {}

  static Optional<Head> head(Tx tx) {
    return tx.one(
        "SELECT origin, size, note FROM log_head WHERE one = 1",
        row -> new Head(row.text(1), row.number(2), row.text(3)));
  }

  /// Begins an empty log; false when another node has begun it already.
  static boolean begin(Tx tx, String origin) {
    return tx.run(
            """
            INSERT INTO log_head (one, origin, size, note) VALUES (1, ?, 0, '')
                ON CONFLICT (one) DO NOTHING
            """,
            origin)
        == 1;
  }

  /// An origin that the log had before a restore.
  ///
  /// @param size how much of its tree the next origin took over
  /// @param note the checkpoint that was found outside the database
  record Past(long number, String origin, long size, String note) {}

  /// The origins that have ended, oldest first.
  static List<Past> pasts(Tx tx) {
    return tx.list(
        "SELECT number, origin, size, note FROM log_past ORDER BY number",
        row -> new Past(row.number(1), row.text(2), row.number(3), row.text(4)));
  }

  static void end(Tx tx, Past past) {
    tx.run(
        "INSERT INTO log_past (number, origin, size, note) VALUES (?, ?, ?, ?)",
        past.number(),
        past.origin(),
        past.size(),
        past.note());
  }

  /// Gives the tree of `head` another origin, and the note that says so; false when the tree is
  /// another one by now.
  static boolean rename(Tx tx, Head head, String origin, String note) {
    return tx.run(
            "UPDATE log_head SET origin = ?, note = ? WHERE one = 1 AND origin = ? AND size = ?",
            origin,
            note,
            head.origin(),
            head.size())
        == 1;
  }

  /// Moves the head on from a tree of `size`; false when another sequencer has moved it already.
  static boolean advance(Tx tx, long size, Head head) {
    return tx.run(
            "UPDATE log_head SET size = ?, note = ? WHERE one = 1 AND size = ?",
            head.size(),
            head.note(),
            size)
        == 1;
  }

  static void put(Tx tx, Tile tile, byte[] bytes) {
    tx.run(
        """
        INSERT INTO log_tile (level, n, bytes) VALUES (?, ?, ?)
            ON CONFLICT (level, n) DO UPDATE SET bytes = excluded.bytes
        """,
        tile.level(),
        tile.index(),
        bytes);
  }

  /// The tile's bytes; a narrower tile is the beginning of the widest one that is stored.
  static Optional<byte[]> tile(Tx tx, Tile tile) {
    int length = tile.width() * Hash.SIZE;
    return tx.one(
            "SELECT bytes FROM log_tile WHERE level = ? AND n = ?",
            row -> row.bytes(1),
            tile.level(),
            tile.index())
        .filter(bytes -> bytes.length >= length)
        .map(bytes -> Arrays.copyOf(bytes, length));
  }
}
