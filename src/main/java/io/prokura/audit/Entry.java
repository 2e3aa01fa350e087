package io.prokura.audit;

import io.prokura.kernel.Id;

/// One stored entry. `leaf` is the canonical JSON that the tree is made of; `index` is its place in
/// the tree, or [#PENDING]; `personal` and `free` are the JSON of the sealed fields, empty where
/// there are none or they have been forgotten.
record Entry(long seq, Id.Entry id, String leaf, String personal, String free, long index) {
  static final long PENDING = -1;

  boolean isPending() {
    return index == PENDING;
  }
}
