package io.prokura.audit;

import io.prokura.kernel.Id;
import java.time.Instant;

/// One stored entry. `leaf` is the canonical JSON that the tree is made of; `index` is its place in
/// the tree, or [#PENDING]; `personal` and `free` are the JSON of the sealed fields, empty where
/// there are none or they have been forgotten.
record Entry(long seq, Id.Entry id, String leaf, String personal, String free, long index) {
  static final long PENDING = -1;

  /// The leaf alone, with the time it tells of.
  record Dated(long seq, Instant at, String leaf) {}

  boolean isPending() {
    return index == PENDING;
  }
}
