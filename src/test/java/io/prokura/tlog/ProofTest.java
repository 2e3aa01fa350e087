package io.prokura.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ProofTest {
  @Test
  void allProofsOfSmallTreesAreThoseOfTheDefinition() throws Exception {
    for (var size = 1; size <= 40; size++) {
      var log = MemoryLog.of(size);
      var leaves = Naive.leaves(size);
      for (var index = 0; index < size; index++) {
        var proof = InclusionProof.of(index, log.head(), log::tile);
        assertThat(proof.path()).isEqualTo(Naive.path(index, leaves));
        attack(proof, leaves.get(index), log.head());
        var older = Naive.head(leaves.subList(0, index));
        var consistency = ConsistencyProof.of(older, log.head(), log::tile);
        assertThat(consistency.path()).isEqualTo(Naive.consistency(index, leaves));
        attack(consistency, older, log.head());
      }
    }
  }

  @Test
  void proofsOfLargerTreesAreThoseOfTheDefinition() {
    Seeded.check(
        random -> {
          for (var i = 0; i < 8; i++) {
            var size = random.nextInt(1, 3000);
            var log = MemoryLog.of(size);
            var leaves = Naive.leaves(size);
            for (var j = 0; j < 25; j++) {
              var index = random.nextInt(size);
              var proof = InclusionProof.of(index, log.head(), log::tile);
              assertThat(proof.path()).isEqualTo(Naive.path(index, leaves));
              attack(proof, leaves.get(index), log.head());
              var older = Naive.head(leaves.subList(0, index + 1));
              var consistency = ConsistencyProof.of(older, log.head(), log::tile);
              assertThat(consistency.path()).isEqualTo(Naive.consistency(index + 1, leaves));
              attack(consistency, older, log.head());
            }
          }
        });
  }

  @Test
  void anyFlippedBitOfLeafProofOrRootFails() throws Exception {
    var log = MemoryLog.of(11);
    var leaves = Naive.leaves(11);
    var head = log.head();
    var proof = InclusionProof.of(9, head, log::tile);
    var older = Naive.head(leaves.subList(0, 7));
    var consistency = ConsistencyProof.of(older, head, log::tile);
    for (var bit = 0; bit < 256; bit++) {
      var leaf = flip(leaves.get(9), bit);
      refused(() -> proof.verify(leaf, head));
      var other = new TreeHead(head.size(), flip(head.root(), bit));
      refused(() -> proof.verify(leaves.get(9), other));
      refused(() -> consistency.verify(older, other));
      var otherOlder = new TreeHead(older.size(), flip(older.root(), bit));
      refused(() -> consistency.verify(otherOlder, head));
      for (var at = 0; at < proof.path().size(); at++) {
        var path = new InclusionProof(9, flip(proof.path(), at, bit));
        refused(() -> path.verify(leaves.get(9), head));
      }
      for (var at = 0; at < consistency.path().size(); at++) {
        var path = new ConsistencyProof(flip(consistency.path(), at, bit));
        refused(() -> path.verify(older, head));
      }
    }
  }

  @Test
  void aLeafOutsideTheTreeHasNoProof() throws Exception {
    var log = MemoryLog.of(5);
    for (var index : List.of(-1L, 5L, Long.MAX_VALUE)) {
      refused(() -> InclusionProof.of(index, log.head(), log::tile));
    }
    refused(() -> InclusionProof.of(0, TreeHead.EMPTY, log::tile));
    var leaf = Naive.leaves(1).getFirst();
    refused(() -> new InclusionProof(0, List.of()).verify(leaf, TreeHead.EMPTY));
    refused(() -> new InclusionProof(1, List.of()).verify(leaf, new TreeHead(1, leaf)));
    assertThatIllegalArgumentException().isThrownBy(() -> new InclusionProof(-1, List.of()));
  }

  @Test
  void leavesAndNodesAreHashedAfterDifferentPrefixes() throws Exception {
    var leaves = Naive.leaves(2);
    var head = Naive.head(leaves);
    var entry = ByteBuffer.allocate(64).put(leaves.get(0).bytes()).put(leaves.get(1).bytes());
    // The inner node is no leaf of a tree with one entry, and an unprefixed hash is no leaf at all.
    refused(
        () ->
            new InclusionProof(0, List.of())
                .verify(new Hasher().leaf(entry.array()), new TreeHead(1, head.root())));
    var sha256 = MessageDigest.getInstance("SHA-256");
    var unprefixed = Hash.of(sha256.digest(Naive.entry(0)));
    refused(() -> new InclusionProof(0, List.of(leaves.get(1))).verify(unprefixed, head));
    sha256.update((byte) 1);
    var wrongPrefix = Hash.of(sha256.digest(Naive.entry(0)));
    refused(() -> new InclusionProof(0, List.of(leaves.get(1))).verify(wrongPrefix, head));
  }

  @Test
  void swappedChildrenHaveAnotherRoot() {
    var leaves = Naive.leaves(2);
    var hasher = new Hasher();
    var swapped = new TreeHead(2, hasher.node(leaves.get(1), leaves.get(0)));
    var proof = new InclusionProof(0, List.of(leaves.get(1)));
    refused(() -> proof.verify(leaves.get(0), swapped));
    refused(() -> new InclusionProof(1, proof.path()).verify(leaves.get(0), Naive.head(leaves)));
  }

  @Test
  void aTreeDoesNotExtendALargerOrForkedOne() throws Exception {
    var log = MemoryLog.of(9);
    var larger = Naive.head(Naive.leaves(10));
    refused(() -> ConsistencyProof.of(larger, log.head(), log::tile));
    var forked = Naive.head(Naive.leaves(6).reversed());
    refused(() -> ConsistencyProof.of(forked, log.head(), log::tile));
    var sameSize = Naive.head(Naive.leaves(9).reversed());
    refused(() -> ConsistencyProof.of(sameSize, log.head(), log::tile));
    var proof = ConsistencyProof.of(TreeHead.EMPTY, log.head(), log::tile);
    assertThat(proof.path()).isEmpty();
  }

  @Test
  void noProofComesFromTilesThatWereChanged() {
    Seeded.check(
        random -> {
          for (var i = 0; i < 50; i++) {
            var size = random.nextInt(2, 700);
            var log = MemoryLog.of(size);
            var index = random.nextInt(size);
            var tile = Tile.holding(0, index, size);
            log.flip(tile.path(), (index % 256) * 256 + random.nextInt(256));
            refused(() -> InclusionProof.of(index, log.head(), log::tile));
          }
        });
  }

  private static void attack(InclusionProof proof, Hash leaf, TreeHead head) throws Exception {
    proof.verify(leaf, head);
    for (var path : malformed(proof.path())) {
      refused(() -> new InclusionProof(proof.index(), path).verify(leaf, head));
    }
    if (proof.index() > 0) {
      refused(() -> new InclusionProof(proof.index() - 1, proof.path()).verify(leaf, head));
    }
    refused(() -> new InclusionProof(proof.index() + 1, proof.path()).verify(leaf, head));
    refused(() -> new InclusionProof(head.size(), proof.path()).verify(leaf, head));
  }

  private static void attack(ConsistencyProof proof, TreeHead older, TreeHead newer)
      throws Exception {
    proof.verify(older, newer);
    for (var path : malformed(proof.path())) {
      refused(() -> new ConsistencyProof(path).verify(older, newer));
    }
    if (older.size() > 0 && older.size() < newer.size()) {
      refused(() -> proof.verify(new TreeHead(older.size(), newer.root()), newer));
      refused(() -> proof.verify(older, new TreeHead(newer.size(), older.root())));
    }
  }

  private static List<List<Hash>> malformed(List<Hash> path) {
    var lists = new ArrayList<List<Hash>>();
    var longer = new ArrayList<>(path);
    longer.add(Hash.EMPTY_ROOT);
    lists.add(longer);
    var before = new ArrayList<>(path);
    before.addFirst(Hash.EMPTY_ROOT);
    lists.add(before);
    if (!path.isEmpty()) {
      lists.add(path.subList(0, path.size() - 1));
      lists.add(path.subList(1, path.size()));
      lists.add(flip(path, path.size() - 1, 0));
    }
    if (path.size() > 1) {
      var swapped = new ArrayList<>(path);
      Collections.swap(swapped, 0, path.size() - 1);
      lists.add(swapped);
    }
    return lists;
  }

  private static List<Hash> flip(List<Hash> path, int at, int bit) {
    var flipped = new ArrayList<>(path);
    flipped.set(at, flip(path.get(at), bit));
    return flipped;
  }

  private static Hash flip(Hash hash, int bit) {
    var bytes = hash.bytes();
    bytes[bit / 8] ^= (byte) (1 << (bit % 8));
    return Hash.of(bytes);
  }

  private static void refused(ThrowingCallable verification) {
    assertThatThrownBy(verification).isInstanceOf(InvalidException.class);
  }
}
