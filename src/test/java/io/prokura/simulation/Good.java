package io.prokura.simulation;

import java.util.Collection;
import java.util.function.Predicate;

/// Whether something holds, as far as it can be known from outside the server.
enum Good {
  YES,
  NO,
  /// A server may see it either way and be right.
  EITHER;

  static Good of(boolean holds) {
    return holds ? YES : NO;
  }

  /// What `holds` says of the values that a server may believe in.
  static <T> Good of(Collection<T> believable, Predicate<T> holds) {
    long count = believable.stream().filter(holds).count();
    return count == 0 ? NO : count == believable.size() ? YES : EITHER;
  }

  Good and(Good other) {
    return this == NO || other == NO ? NO : this == YES ? other : this;
  }

  Good or(Good other) {
    return this == YES || other == YES ? YES : this == NO ? other : this;
  }

  /// No more certain than `other`: neither when it is not known.
  Good atBest(Good other) {
    return this == YES ? other : this;
  }
}
