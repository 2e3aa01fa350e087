package io.prokura.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.tlog.Hash;
import io.prokura.tlog.Hasher;
import io.prokura.tlog.InvalidException;
import io.prokura.tlog.LogPolicy;
import io.prokura.tlog.LogVerifier;
import io.prokura.tlog.TreeHead;
import io.prokura.tlog.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The log verifies: every checkpoint that a node ever shows or keeps outside the database is
/// signed, is the root over the first leaves as they lie in the database, and extends the one it
/// showed before.
final class CheckpointsOnlyGrow implements Invariant {
  private final Simulation simulation;
  private final LogPolicy policy;
  private final Hasher hasher = new Hasher();
  private final List<Hash> leaves = new ArrayList<>();
  private final Map<String, byte[]> seen = new HashMap<>();
  private final Map<String, TreeHead> opened = new HashMap<>();

  CheckpointsOnlyGrow(Simulation simulation, LogPolicy policy) {
    this.simulation = simulation;
    this.policy = policy;
  }

  @Override
  public void stepped() {
    for (var node : simulation.up()) {
      var log = new PublishedLog(simulation, node);
      log.checkpoint().ifPresent(note -> extended(node.name(), note, log));
    }
    for (var node : simulation.nodes) {
      outside(node).ifPresent(note -> grown(node.name() + " outside", note));
    }
  }

  private void extended(String where, byte[] note, PublishedLog log) {
    var before = seen.get(where);
    if (grown(where, note) && before != null) {
      assertThat(LogVerifier.verifyConsistency(log, policy, before))
          .as("the log of %s since the last checkpoint", where)
          .isInstanceOf(Verdict.Intact.class);
    }
  }

  /// Checks a checkpoint that was not seen there before, and tells whether it is a new one.
  private boolean grown(String where, byte[] note) {
    var before = seen.put(where, note);
    if (before != null && Arrays.equals(before, note)) {
      return false;
    }
    var head = opened(note);
    simulation.stored.indexedFrom(leaves.size()).forEach(leaf -> leaves.add(hasher.leaf(leaf)));
    assertThat(head.size()).as("the size of %s", where).isLessThanOrEqualTo(leaves.size());
    assertThat(head.root())
        .as("the root of %s over %d leaves", where, head.size())
        .isEqualTo(root(leaves.subList(0, (int) head.size())));
    if (before != null) {
      assertThat(head.size()).as("the growth of %s", where).isGreaterThan(opened(before).size());
    }
    return true;
  }

  private TreeHead opened(byte[] note) {
    return opened.computeIfAbsent(
        new String(note, UTF_8),
        _ -> {
          try {
            return policy.open(note).head();
          } catch (InvalidException e) {
            throw new AssertionError("a checkpoint that is not the log's", e);
          }
        });
  }

  /// The root by its definition (RFC 6962 §2.1).
  private Hash root(List<Hash> some) {
    if (some.size() <= 1) {
      return some.isEmpty() ? Hash.EMPTY_ROOT : some.getFirst();
    }
    int split = Integer.highestOneBit(some.size() - 1);
    return hasher.node(root(some.subList(0, split)), root(some.subList(split, some.size())));
  }

  private static Optional<byte[]> outside(Node node) {
    try {
      var file = node.outsideCheckpoint();
      return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The whole log, by nothing but what is published.
  @Override
  public void over() {
    for (var node : simulation.up()) {
      assertThat(LogVerifier.verify(new PublishedLog(simulation, node), policy))
          .as("the log of %s", node.name())
          .isInstanceOf(Verdict.Intact.class);
    }
  }
}
