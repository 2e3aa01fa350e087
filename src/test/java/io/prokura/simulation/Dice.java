package io.prokura.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// All the chance there is in a simulation, from its seed.
final class Dice {
  private final Random random;

  Dice(long seed) {
    random = new Random(seed);
  }

  /// A whole number from 0 on, less than `bound`.
  int below(int bound) {
    return random.nextInt(bound);
  }

  /// True in `perMille` of a thousand cases.
  boolean hits(int perMille) {
    return random.nextInt(1000) < perMille;
  }

  /// One of `some`, which are not none.
  <T> T one(List<T> some) {
    return some.get(random.nextInt(some.size()));
  }

  /// One of `some`, if there are any.
  <T> Optional<T> any(List<T> some) {
    return some.isEmpty() ? Optional.empty() : Optional.of(one(some));
  }

  /// Some of `all`, at least one, in their order.
  <T> List<T> some(List<T> all) {
    var chosen = new ArrayList<>(all.stream().filter(_ -> random.nextBoolean()).toList());
    return chosen.isEmpty() ? List.of(one(all)) : List.copyOf(chosen);
  }
}
