package io.prokura.tlog;

import java.util.ArrayList;
import java.util.List;

/// A proof that a tree begins with all leaves of an older tree (RFC 6962 §2.1.2).
///
/// @param path the hashes to combine, at most 64; none if either tree is empty or both are equal
public record ConsistencyProof(List<Hash> path) {
  private static final int PATH_MAX = 64;

  /// Refuses, as a mistake of the caller, a path of more than 64 hashes.
  public ConsistencyProof {
    if (path.size() > PATH_MAX) {
      throw new IllegalArgumentException("a path has at most 64 hashes");
    }
    path = List.copyOf(path);
  }

  /// The proof from `older` to `newer`, from the tiles of the newer tree, about two a level. It is
  /// verified before it is returned.
  ///
  /// @throws InvalidException if the newer tree is not an extension of the older one, a tile is
  ///     missing or malformed, or the tiles do not have the root of `newer`
  public static ConsistencyProof of(TreeHead older, TreeHead newer, TileReader reader)
      throws InvalidException {
    var proof = new ConsistencyProof(path(older.size(), newer.size(), reader));
    proof.verify(older, newer);
    return proof;
  }

  private static List<Hash> path(long older, long newer, TileReader reader)
      throws InvalidException {
    var path = new ArrayList<Hash>();
    if (older == 0 || older >= newer) {
      return path;
    }
    var subtrees = new Subtrees(newer, reader);
    var start = 0L;
    var end = newer;
    while (older != end) {
      var middle = start + Subtrees.split(end - start);
      if (older <= middle) {
        path.add(subtrees.range(middle, end));
        end = middle;
      } else {
        path.add(subtrees.range(start, middle));
        start = middle;
      }
    }
    // A subtree that is the whole older tree is known to the verifier.
    if (start != 0) {
      path.add(subtrees.range(start, end));
    }
    return path.reversed();
  }

  /// Verifies that `newer` begins with all leaves of `older`, RFC 9162 §2.1.4.2.
  ///
  /// @throws InvalidException if it is not proven, also if the path is longer or shorter than the
  ///     trees require
  public void verify(TreeHead older, TreeHead newer) throws InvalidException {
    if (older.size() > newer.size()) {
      throw new InvalidException(
          "a tree with " + newer.size() + " leaves cannot extend one with " + older.size());
    }
    if (older.size() == 0 || older.size() == newer.size()) {
      if (!path.isEmpty()) {
        throw new InvalidException("the consistency proof is too long");
      }
      if (older.size() != 0 && !older.equals(newer)) {
        throw new InvalidException("two trees of the same size have different roots");
      }
      return;
    }
    var hashes = new ArrayList<Hash>(path);
    if (Long.bitCount(older.size()) == 1) {
      hashes.addFirst(older.root());
    }
    if (path.isEmpty()) {
      throw new InvalidException("the consistency proof is too short");
    }
    fold(hashes, older, newer);
  }

  private static void fold(List<Hash> hashes, TreeHead older, TreeHead newer)
      throws InvalidException {
    var hasher = new Hasher();
    var shift = Long.numberOfTrailingZeros(older.size());
    var node = (older.size() - 1) >>> shift;
    var last = (newer.size() - 1) >>> shift;
    var olderRoot = hashes.getFirst();
    var newerRoot = olderRoot;
    for (var hash : hashes.subList(1, hashes.size())) {
      if (last == 0) {
        throw new InvalidException("the consistency proof is too long");
      }
      if ((node & 1) == 1 || node == last) {
        olderRoot = hasher.node(hash, olderRoot);
        newerRoot = hasher.node(hash, newerRoot);
        while ((node & 1) == 0 && node != 0) {
          node >>>= 1;
          last >>>= 1;
        }
      } else {
        newerRoot = hasher.node(newerRoot, hash);
      }
      node >>>= 1;
      last >>>= 1;
    }
    if (last != 0) {
      throw new InvalidException("the consistency proof is too short");
    }
    if (!olderRoot.equals(older.root())) {
      throw new InvalidException("the consistency proof leads to another older root");
    }
    if (!newerRoot.equals(newer.root())) {
      throw new InvalidException("the consistency proof leads to another newer root");
    }
  }
}
