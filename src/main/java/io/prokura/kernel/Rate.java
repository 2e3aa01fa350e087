package io.prokura.kernel;

import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentMap;

/// How often something may happen to each of many: so many times within a span of time that begins
/// with the first. Kept in bounded memory and counted on each node alone. Safe for use by many
/// threads.
public final class Rate {
  private final World world;
  private final int max;
  private final Duration span;
  private final ConcurrentMap<String, Spent> spent;

  private record Spent(Instant since, int count) {}

  /// At most `max` times within `span`; of more than `kept` some are forgotten.
  public Rate(World world, int max, Duration span, int kept) {
    this.world = world;
    this.max = max;
    this.span = span;
    spent = Caffeine.newBuilder().maximumSize(kept).<String, Spent>build().asMap();
  }

  /// Whether it may happen to `what` once more, which counts.
  public boolean take(String what) {
    var now = world.now();
    var taken =
        spent.compute(
            what,
            (_, before) ->
                before == null || !now.isBefore(before.since.plus(span))
                    ? new Spent(now, 1)
                    : new Spent(before.since, Math.min(before.count, max) + 1));
    return taken.count <= max;
  }
}
