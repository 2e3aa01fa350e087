package io.prokura.tlog;

import java.util.ArrayList;
import java.util.List;

/// A proof that a leaf is in a tree at an index (RFC 6962 §2.1.1).
///
/// @param index the place of the leaf in the tree, from 0
/// @param path the hashes to combine with the leaf's, its sibling first, at most 63
public record InclusionProof(long index, List<Hash> path) {
  static final int PATH_MAX = 63;

  /// Refuses, as a mistake of the caller, a negative index and a path of more than 63 hashes.
  public InclusionProof {
    if (index < 0) {
      throw new IllegalArgumentException("a leaf has no index below 0");
    }
    if (path.size() > PATH_MAX) {
      throw new IllegalArgumentException("a path has at most 63 hashes");
    }
    path = List.copyOf(path);
  }

  /// The proof for the leaf at `index`, from the tiles of the tree, about two a level. It is
  /// verified before it is returned.
  ///
  /// @throws InvalidException if the tree has no such leaf, a tile is missing or malformed, or the
  ///     tiles do not have the root of `head`
  public static InclusionProof of(long index, TreeHead head, TileReader reader)
      throws InvalidException {
    if (index < 0 || index >= head.size()) {
      throw new InvalidException(
          "a tree with " + head.size() + " leaves has none with index " + index);
    }
    var subtrees = new Subtrees(head.size(), reader);
    var path = new ArrayList<Hash>();
    var start = 0L;
    var end = head.size();
    while (end - start > 1) {
      var middle = start + Subtrees.split(end - start);
      if (index < middle) {
        path.add(subtrees.range(middle, end));
        end = middle;
      } else {
        path.add(subtrees.range(start, middle));
        start = middle;
      }
    }
    var proof = new InclusionProof(index, path.reversed());
    proof.verify(subtrees.range(index, index + 1), head);
    return proof;
  }

  /// Verifies that the leaf with this hash is at [#index] in the tree, RFC 9162 §2.1.3.2.
  ///
  /// @throws InvalidException if it is not proven, also if the path is longer or shorter than the
  ///     tree requires
  public void verify(Hash leaf, TreeHead head) throws InvalidException {
    if (index >= head.size()) {
      throw new InvalidException(
          "a tree with " + head.size() + " leaves has none with index " + index);
    }
    var hasher = new Hasher();
    var node = index;
    var last = head.size() - 1;
    var root = leaf;
    for (var hash : path) {
      if (last == 0) {
        throw new InvalidException("the inclusion proof is too long");
      }
      if ((node & 1) == 1 || node == last) {
        root = hasher.node(hash, root);
        while ((node & 1) == 0 && node != 0) {
          node >>>= 1;
          last >>>= 1;
        }
      } else {
        root = hasher.node(root, hash);
      }
      node >>>= 1;
      last >>>= 1;
    }
    if (last != 0) {
      throw new InvalidException("the inclusion proof is too short");
    }
    if (!root.equals(head.root())) {
      throw new InvalidException("the inclusion proof leads to another root");
    }
  }
}
