package io.prokura.outbound;

import io.prokura.kernel.Rate;
import io.prokura.kernel.World;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/// How much may be sent: so many requests at once, and so many a minute to the same place.
final class Allowance {
  private static final int PLACES_MAX = 10_000;
  private static final Duration SPAN = Duration.ofMinutes(1);

  private final Semaphore running;
  private final Rate places;

  Allowance(World world, Outbound.Bounds bounds) {
    running = new Semaphore(bounds.running());
    places = new Rate(world, bounds.perMinute(), SPAN, PLACES_MAX);
  }

  /// Whether one more may run; it is given back with [#end()].
  boolean begin() {
    return running.tryAcquire();
  }

  void end() {
    running.release();
  }

  /// Whether one more may be sent to `place`, which then counts.
  boolean take(String place) {
    return places.take(place);
  }
}
