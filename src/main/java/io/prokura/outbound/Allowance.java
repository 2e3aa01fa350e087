package io.prokura.outbound;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.prokura.kernel.World;
import java.time.Instant;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;

/// How much may be sent: so many requests at once, and so many a minute to the same place.
final class Allowance {
  private static final int PLACES_MAX = 10_000;

  private final World world;
  private final Outbound.Bounds bounds;
  private final Semaphore running;
  private final ConcurrentMap<String, Spent> places =
      Caffeine.newBuilder().maximumSize(PLACES_MAX).<String, Spent>build().asMap();

  Allowance(World world, Outbound.Bounds bounds) {
    this.world = world;
    this.bounds = bounds;
    running = new Semaphore(bounds.running());
  }

  /// What was sent to a place since the start of a minute.
  private record Spent(Instant since, int count) {}

  /// Whether one more may run; it is given back with [#end()].
  boolean begin() {
    return running.tryAcquire();
  }

  void end() {
    running.release();
  }

  /// Whether one more may be sent to `place`, which then counts.
  boolean take(String place) {
    var now = world.now();
    var spent =
        places.compute(
            place,
            (_, earlier) ->
                earlier == null || !now.isBefore(earlier.since().plusSeconds(60))
                    ? new Spent(now, 1)
                    : new Spent(
                        earlier.since(), Math.min(earlier.count(), bounds.perMinute()) + 1));
    return spent.count() <= bounds.perMinute();
  }
}
