package io.prokura.registration;

import io.prokura.http.Peers;
import io.prokura.kernel.Rate;
import io.prokura.kernel.World;
import java.time.Duration;

/// How often strangers may register something: so many times an hour from one address, a network
/// of IPv6 that one subscriber has counting as one, and so many times from all together. Counted
/// on each node alone.
final class Sources {
  private static final int EACH_MAX = 60;
  private static final int ALL_MAX = 600;
  private static final int SOURCES_MAX = 20_000;
  private static final Duration SPAN = Duration.ofHours(1);
  private static final String EVERYBODY = "everybody";

  private final Rate each;
  private final Rate all;

  Sources(World world) {
    each = new Rate(world, EACH_MAX, SPAN, SOURCES_MAX);
    all = new Rate(world, ALL_MAX, SPAN, 1);
  }

  /// Whether `peer` may register one more, which counts.
  boolean take(String peer) {
    return each.take(Peers.network(peer)) && takeAny();
  }

  /// Whether one more may be registered by whomever, which counts.
  boolean takeAny() {
    return all.take(EVERYBODY);
  }
}
