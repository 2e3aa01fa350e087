package io.prokura.app;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Waits for what a server does by itself, with a bound.
public final class Eventually {
  private static final Duration BOUND = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(10);

  private Eventually() {}

  public static void holds(String what, BooleanSupplier condition) {
    get(what, () -> condition.getAsBoolean() ? Optional.of(what) : Optional.empty());
  }

  /// What `attempt` finds, as soon as it finds something.
  public static <T> T get(String what, Supplier<Optional<T>> attempt) {
    long until = System.nanoTime() + BOUND.toNanos();
    for (var found = attempt.get(); ; found = attempt.get()) {
      if (found.isPresent()) {
        return found.get();
      }
      if (System.nanoTime() - until > 0) {
        throw new AssertionError("waited too long for " + what);
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }
}
