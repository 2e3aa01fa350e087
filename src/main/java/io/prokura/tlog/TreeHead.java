package io.prokura.tlog;

/// A tree in two values: how many leaves it has, and the root that commits to each of them.
///
/// @param size the number of leaves, below 2^63
/// @param root the root hash; [Hash#EMPTY_ROOT] when there are no leaves
public record TreeHead(long size, Hash root) {
  /// The tree without leaves.
  public static final TreeHead EMPTY = new TreeHead(0, Hash.EMPTY_ROOT);

  /// Refuses, as a mistake of the caller, a negative size and an empty tree with another root.
  public TreeHead {
    if (size < 0) {
      throw new IllegalArgumentException("a tree has no fewer than 0 leaves");
    }
    if (size == 0 && !root.equals(Hash.EMPTY_ROOT)) {
      throw new IllegalArgumentException("the tree without leaves has one root only");
    }
  }
}
