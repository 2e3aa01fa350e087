package io.prokura.tlog;

import java.util.Collections;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;

/// A Merkle tree that grows at its right edge and never holds more of itself than that edge: less
/// than eight tiles, whatever its size. Immutable; appending makes another tree.
public final class Tree {
  private final Edge edge;
  private final TreeHead head;

  private Tree(Edge edge) {
    this.edge = edge;
    this.head = new TreeHead(edge.size(), edge.root());
  }

  /// The tree without leaves.
  public static Tree empty() {
    return new Tree(Edge.empty());
  }

  /// The tree with this head, from its stored partial tiles, at most eight.
  ///
  /// @throws InvalidException if a tile is missing or malformed, or the tiles have another root: a
  ///     log that went on from them would fork
  public static Tree resume(TreeHead head, TileReader reader) throws InvalidException {
    var tree = new Tree(Edge.read(head.size(), reader));
    if (!tree.head.equals(head)) {
      throw new InvalidException("the stored tiles do not have the root of the tree head");
    }
    return tree;
  }

  /// The root of the tree with `size` leaves, from its stored partial tiles.
  ///
  /// @throws InvalidException if a tile is missing or malformed
  public static Hash root(long size, TileReader reader) throws InvalidException {
    return Edge.read(size, reader).root();
  }

  /// The size and the root of this tree.
  public TreeHead head() {
    return head;
  }

  /// A tree after an append, and what must be stored before its head is published.
  ///
  /// @param tree the tree with the new leaves
  /// @param tiles the tiles that are new or have grown, in order, with their bytes; exactly those
  ///     of [Tile#between]
  public record Appended(Tree tree, SequencedMap<Tile, byte[]> tiles) {}

  /// Appends the hashes of leaves. Time and memory grow with the number of leaves appended, not
  /// with the tree.
  public Appended append(List<Hash> leaves) {
    var grown = edge.copy();
    var tiles = new TreeMap<Tile, byte[]>();
    for (var leaf : leaves) {
      grown.add(leaf, tiles::put);
    }
    for (var level = 0; level < Tile.LEVELS; level++) {
      var changed = grown.size() >>> (8 * level) != edge.size() >>> (8 * level);
      if (changed && grown.width(level) > 0) {
        tiles.put(grown.partial(level), grown.bytes(level));
      }
    }
    return new Appended(new Tree(grown), Collections.unmodifiableSequencedMap(tiles));
  }
}
