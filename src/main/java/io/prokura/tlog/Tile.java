package io.prokura.tlog;

import java.util.Comparator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// The coordinates of a hash tile: up to 256 consecutive hashes at one of the levels 8 tree heights
/// apart (C2SP tlog-tiles, Merkle Tree). Tiles are ordered by level, then index, then width.
///
/// @param level 0 for leaf hashes, and at most 63; a tree uses the levels 0 to 7
/// @param index the place of the tile within its level, below 2^55
/// @param width how many hashes the tile holds, 1 to 256
public record Tile(int level, long index, int width) implements Comparable<Tile> {
  /// The width of a full tile.
  public static final int FULL = TilePosition.FULL;

  static final int LEVELS = 8;
  private static final int LEVEL_MAX = 63;
  private static final String PREFIX = "tile/";
  private static final Comparator<Tile> ORDER =
      Comparator.comparingInt(Tile::level)
          .thenComparingLong(Tile::index)
          .thenComparingInt(Tile::width);

  /// Refuses, as a mistake of the caller, coordinates out of range.
  public Tile {
    if (level < 0 || level > LEVEL_MAX) {
      throw new IllegalArgumentException("a tile level is 0 to 63");
    }
    new TilePosition(index, width);
  }

  /// Parses a path relative to the log's prefix, such as `tile/0/x001/234.p/5`, as [#path]
  /// prints it.
  ///
  /// @throws InvalidException for any other text, also for other spellings of the same numbers
  public static Tile parse(String path) throws InvalidException {
    var slash = path.indexOf('/', PREFIX.length());
    if (!path.startsWith(PREFIX) || slash < 0) {
      throw new InvalidException("the path is not that of a tile");
    }
    var level = Syntax.decimal(path.substring(PREFIX.length(), slash), "the tile level");
    if (level > LEVEL_MAX) {
      throw new InvalidException("the tile level is above 63");
    }
    var position = TilePosition.parse(path.substring(slash + 1));
    return new Tile((int) level, position.index(), position.width());
  }

  /// The tiles of a tree with `size` leaves, in order.
  public static Stream<Tile> of(long size) {
    return between(0, size);
  }

  /// The tiles that a tree has after it grew from `older` to `newer` leaves and had not before, in
  /// order; a partial tile that grew is a new one.
  public static Stream<Tile> between(long older, long newer) {
    if (older < 0 || older > newer) {
      throw new IllegalArgumentException("a tree grows from a size to one that is not smaller");
    }
    return IntStream.range(0, LEVELS)
        .boxed()
        .flatMap(level -> between(level, older >>> (8 * level), newer >>> (8 * level)));
  }

  private static Stream<Tile> between(int level, long older, long newer) {
    if (older == newer) {
      return Stream.empty();
    }
    return LongStream.rangeClosed(older / FULL, (newer - 1) / FULL)
        .mapToObj(index -> new Tile(level, index, (int) Math.min(FULL, newer - index * FULL)));
  }

  /// The tile that holds the given hash of its level in a tree with `size` leaves.
  static Tile holding(int level, long hash, long size) {
    var index = hash / FULL;
    return new Tile(level, index, (int) Math.min(FULL, (size >>> (8 * level)) - index * FULL));
  }

  /// Whether the tile holds 256 hashes and so never changes.
  public boolean isFull() {
    return width == FULL;
  }

  /// The full tile at the same place.
  public Tile full() {
    return new Tile(level, index, FULL);
  }

  /// The path relative to the log's prefix, such as `tile/0/x001/234.p/5`.
  public String path() {
    return PREFIX + level + "/" + new TilePosition(index, width).path();
  }

  @Override
  public int compareTo(Tile other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return path();
  }
}
