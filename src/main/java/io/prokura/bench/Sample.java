package io.prokura.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// At most so many of all that is offered, each as likely as any other (J. S. Vitter, Random
/// sampling with a reservoir, algorithm R).
final class Sample<T> {
  private final int max;
  private final Random random;
  private final List<T> drawn = new ArrayList<>();
  private long offered;

  Sample(int max, long seed) {
    this.max = max;
    random = new Random(seed);
  }

  synchronized void offer(T one) {
    offered++;
    if (drawn.size() < max) {
      drawn.add(one);
    } else {
      long place = random.nextLong(offered);
      if (place < max) {
        drawn.set((int) place, one);
      }
    }
  }

  /// What has been drawn, in no order.
  synchronized List<T> shuffled() {
    var shuffled = new ArrayList<>(drawn);
    Collections.shuffle(shuffled, random);
    return shuffled;
  }
}
