package io.prokura.tlog;

import java.util.HashMap;
import java.util.Map;

/// The hashes of the ranges of a stored tree, each computed from the tiles it needs, which are read
/// once. Made for one proof, which needs two tiles a level at most.
final class Subtrees {
  private final long size;
  private final TileReader reader;
  private final Hasher hasher = new Hasher();
  private final Map<Tile, byte[]> tiles = new HashMap<>();

  Subtrees(long size, TileReader reader) {
    this.size = size;
    this.reader = reader;
  }

  /// The root over the leaves `start` to `end` (exclusive), a range that RFC 6962 §2.1 hashes.
  Hash range(long start, long end) throws InvalidException {
    var count = end - start;
    if (Long.bitCount(count) == 1) {
      return complete(Long.numberOfTrailingZeros(count), start);
    }
    var middle = start + split(count);
    return hasher.node(range(start, middle), range(middle, end));
  }

  /// The largest power of two below `count`, which is at least 2.
  static long split(long count) {
    return Long.highestOneBit(count - 1);
  }

  private Hash complete(int height, long start) throws InvalidException {
    var level = height / 8;
    var count = 1 << (height % 8);
    var first = start >>> (8 * level);
    var hashes = new byte[count * Hash.SIZE];
    var offset = (int) (first % Tile.FULL) * Hash.SIZE;
    System.arraycopy(tile(Tile.holding(level, first, size)), offset, hashes, 0, hashes.length);
    hasher.reduce(hashes, count);
    return Hash.at(hashes, 0);
  }

  private byte[] tile(Tile tile) throws InvalidException {
    var known = tiles.get(tile);
    if (known != null) {
      return known;
    }
    var bytes = reader.require(tile);
    tiles.put(tile, bytes);
    return bytes;
  }
}
