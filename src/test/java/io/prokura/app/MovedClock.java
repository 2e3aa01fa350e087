package io.prokura.app;

import io.prokura.kernel.World;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

/// The clock of a server that goes as others do, and that a test moves on besides.
final class MovedClock {
  private final AtomicReference<Duration> passed = new AtomicReference<>(Duration.ZERO);

  final World world = new World(() -> Instant.now().plus(passed.get()), new SecureRandom());

  /// Lets `time` pass at `server`, which has followed the clock then.
  void pass(Duration time, TestServer server) {
    passed.updateAndGet(before -> before.plus(time));
    Eventually.holds("a node that follows the clock", server::ready);
  }
}
