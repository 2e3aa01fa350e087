package io.prokura.tlog;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// The definitions of RFC 6962 §2.1 as they stand there, over all leaf hashes.
final class Naive {
  private static final Hasher HASHER = new Hasher();

  private Naive() {}

  static byte[] entry(long index) {
    return ("entry " + index).getBytes(StandardCharsets.UTF_8);
  }

  static List<Hash> leaves(int count) {
    return IntStream.range(0, count).mapToObj(i -> HASHER.leaf(entry(i))).toList();
  }

  static TreeHead head(List<Hash> leaves) {
    return new TreeHead(leaves.size(), root(leaves));
  }

  static Hash root(List<Hash> leaves) {
    if (leaves.isEmpty()) {
      return Hash.EMPTY_ROOT;
    }
    if (leaves.size() == 1) {
      return leaves.getFirst();
    }
    var split = split(leaves);
    return HASHER.node(root(leaves.subList(0, split)), root(leaves.subList(split, leaves.size())));
  }

  static List<Hash> path(int index, List<Hash> leaves) {
    if (leaves.size() == 1) {
      return List.of();
    }
    var split = split(leaves);
    var left = leaves.subList(0, split);
    var right = leaves.subList(split, leaves.size());
    return index < split
        ? with(path(index, left), root(right))
        : with(path(index - split, right), root(left));
  }

  static List<Hash> consistency(int older, List<Hash> leaves) {
    return older == 0 ? List.of() : subproof(older, leaves, true);
  }

  private static List<Hash> subproof(int older, List<Hash> leaves, boolean whole) {
    if (older == leaves.size()) {
      return whole ? List.of() : List.of(root(leaves));
    }
    var split = split(leaves);
    var left = leaves.subList(0, split);
    var right = leaves.subList(split, leaves.size());
    return older <= split
        ? with(subproof(older, left, whole), root(right))
        : with(subproof(older - split, right, false), root(left));
  }

  private static int split(List<Hash> leaves) {
    return Integer.highestOneBit(leaves.size() - 1);
  }

  private static List<Hash> with(List<Hash> hashes, Hash last) {
    var all = new ArrayList<>(hashes);
    all.add(last);
    return all;
  }
}
