package io.prokura.tlog;

import java.util.Arrays;
import java.util.function.BiConsumer;

/// The right edge of a growing tree: at each level the hashes that do not fill a tile yet. From it
/// follow the root and every tile to come, so nothing else of the tree need be kept.
final class Edge {
  private static final int TILE_BYTES = Tile.FULL * Hash.SIZE;

  private final Hasher hasher = new Hasher();
  private final byte[][] levels;
  private final byte[] scratch = new byte[TILE_BYTES];
  private long size;

  private Edge(long size, byte[][] levels) {
    this.size = size;
    this.levels = levels;
  }

  static Edge empty() {
    return new Edge(0, new byte[Tile.LEVELS][TILE_BYTES]);
  }

  /// The edge of the tree with `size` leaves whose partial tiles `reader` has.
  static Edge read(long size, TileReader reader) throws InvalidException {
    var edge = new Edge(size, new byte[Tile.LEVELS][TILE_BYTES]);
    for (var level = 0; level < Tile.LEVELS; level++) {
      if (edge.width(level) > 0) {
        var bytes = reader.require(edge.partial(level));
        System.arraycopy(bytes, 0, edge.levels[level], 0, bytes.length);
      }
    }
    return edge;
  }

  Edge copy() {
    var copies = Arrays.stream(levels).map(byte[]::clone).toArray(byte[][]::new);
    return new Edge(size, copies);
  }

  long size() {
    return size;
  }

  /// How many hashes the partial tile of the level has; 0 if there is none.
  int width(int level) {
    return (int) (size >>> (8 * level)) & (Tile.FULL - 1);
  }

  /// The partial tile of the level, which must have one.
  Tile partial(int level) {
    return new Tile(level, size >>> (8 * level) >>> 8, width(level));
  }

  /// The bytes of the partial tile of the level.
  byte[] bytes(int level) {
    return Arrays.copyOf(levels[level], width(level) * Hash.SIZE);
  }

  /// Adds a leaf, and hands on each tile that it fills, lowest level first.
  void add(Hash leaf, BiConsumer<Tile, byte[]> filled) {
    if (size == Long.MAX_VALUE) {
      throw new IllegalStateException("the tree is full");
    }
    leaf.copyTo(levels[0], width(0) * Hash.SIZE);
    for (var level = 0; width(level) == Tile.FULL - 1; level++) {
      var hashes = levels[level];
      filled.accept(new Tile(level, size >>> (8 * level) >>> 8, Tile.FULL), hashes.clone());
      hasher.reduce(hashes, Tile.FULL);
      System.arraycopy(hashes, 0, levels[level + 1], width(level + 1) * Hash.SIZE, Hash.SIZE);
    }
    size++;
  }

  /// The root of the tree, RFC 6962 §2.1: its complete subtrees, smallest first, folded leftwards.
  Hash root() {
    if (size == 0) {
      return Hash.EMPTY_ROOT;
    }
    var pair = new byte[2 * Hash.SIZE];
    var first = true;
    for (var level = 0; level < Tile.LEVELS; level++) {
      var end = width(level);
      while (end > 0) {
        var count = Integer.lowestOneBit(end);
        end -= count;
        System.arraycopy(levels[level], end * Hash.SIZE, scratch, 0, count * Hash.SIZE);
        hasher.reduce(scratch, count);
        System.arraycopy(scratch, 0, pair, first ? Hash.SIZE : 0, Hash.SIZE);
        if (!first) {
          hasher.node(pair, 0, Hash.SIZE);
        }
        first = false;
      }
    }
    return Hash.at(pair, Hash.SIZE);
  }
}
