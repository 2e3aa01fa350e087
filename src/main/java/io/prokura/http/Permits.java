package io.prokura.http;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Bounds how many verbs run at a time, so that what waits for the database or the processor waits
/// no longer than so many others take. Verbs that are always admitted have permits of their own,
/// which no crowd can use up.
final class Permits {
  /// How many verbs run at a time that are always admitted; more of them wait.
  private static final int KEPT = 64;

  private static final Duration WAIT_MAX = Duration.ofSeconds(5);

  /// How many are refused a second. Refusing costs too: whoever asks again at once, on however many
  /// connections, could otherwise keep the server busy with nothing else. So the more there are to
  /// refuse the longer each waits for it.
  private static final int REFUSED_A_SECOND = 5_000;

  private static final Duration REFUSING_MIN = Duration.ofMillis(50);
  private static final Duration REFUSING_MAX = Duration.ofSeconds(1);

  private final int max;
  private final Semaphore free;
  private final AtomicInteger refusing = new AtomicInteger();
  private final Semaphore kept = new Semaphore(KEPT);

  Permits(int max) {
    this.max = max;
    free = new Semaphore(max);
  }

  /// Takes a permit, to be given back by [#release]. Returns false, after a pause, when there is
  /// none.
  boolean acquire(Admission admission) throws InterruptedException {
    if (admission == Admission.ALWAYS) {
      return kept.tryAcquire(WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS);
    }
    if (free.tryAcquire()) {
      return true;
    }
    try {
      long pause = 1_000L * refusing.incrementAndGet() / REFUSED_A_SECOND;
      Thread.sleep(Math.clamp(pause, REFUSING_MIN.toMillis(), REFUSING_MAX.toMillis()));
      return false;
    } finally {
      refusing.decrementAndGet();
    }
  }

  void release(Admission admission) {
    (admission == Admission.ALWAYS ? kept : free).release();
  }

  /// How many verbs run now.
  int taken() {
    return max - free.availablePermits() + KEPT - kept.availablePermits();
  }
}
