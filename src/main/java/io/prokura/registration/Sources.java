package io.prokura.registration;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.prokura.http.Peers;
import io.prokura.kernel.World;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;

/// How often strangers may register something: so many times an hour from one address, a network
/// of IPv6 that one subscriber has counting as one, and so many times from all together. Counted
/// on each node alone.
final class Sources {
  private static final int EACH_MAX = 60;
  private static final int ALL_MAX = 600;
  private static final int SOURCES_MAX = 20_000;
  private static final Duration SPAN = Duration.ofHours(1);

  private final World world;
  private final AtomicReference<Spent> all;
  private final ConcurrentMap<String, Spent> each =
      Caffeine.newBuilder().maximumSize(SOURCES_MAX).<String, Spent>build().asMap();

  private record Spent(Instant since, int count) {
    Spent more(Instant now, int max) {
      return now.isBefore(since.plus(SPAN))
          ? new Spent(since, Math.min(count, max) + 1)
          : new Spent(now, 1);
    }
  }

  Sources(World world) {
    this.world = world;
    all = new AtomicReference<>(new Spent(world.now(), 0));
  }

  /// Whether `peer` may register one more, which counts.
  boolean take(String peer) {
    var now = world.now();
    var one =
        each.compute(
            Peers.network(peer),
            (_, spent) -> spent == null ? new Spent(now, 1) : spent.more(now, EACH_MAX));
    return one.count() <= EACH_MAX && takeAny();
  }

  /// Whether one more may be registered by whomever, which counts.
  boolean takeAny() {
    var now = world.now();
    return all.updateAndGet(spent -> spent.more(now, ALL_MAX)).count() <= ALL_MAX;
  }
}
