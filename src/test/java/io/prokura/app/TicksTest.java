package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// Periodic work is never given up, and what fails is known until it works again.
final class TicksTest {
  @Test
  void triesAgainWhateverTheWorkThrows() {
    var thrown = new AtomicReference<>(Optional.<Throwable>of(new AssertionError("an error")));
    var runs = new AtomicInteger();
    try (var ticks = new Ticks()) {
      ticks.every(Duration.ofMillis(1), "work", () -> run(runs, thrown.get()));
      Eventually.holds("an error that is known", () -> !ticks.areHealthy());
      thrown.set(Optional.of(new IllegalStateException("an exception")));
      int before = runs.get();
      Eventually.holds("another run", () -> runs.get() > before + 1);
      assertThat(ticks.areHealthy()).isFalse();
      thrown.set(Optional.empty());
      Eventually.holds("work that works again", ticks::areHealthy);
    }
  }

  private static void run(AtomicInteger runs, Optional<Throwable> thrown) {
    runs.incrementAndGet();
    switch (thrown.orElse(null)) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case null, default -> assertThat(thrown).isEmpty();
    }
  }
}
