package io.prokura.app;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Runs the periodic work of the features, and knows which of it failed the last time.
final class Ticks implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("prokura.ticks");

  private final ScheduledThreadPoolExecutor threads;
  private final Set<String> failing = ConcurrentHashMap.newKeySet();

  Ticks() {
    threads =
        new ScheduledThreadPoolExecutor(0, Thread.ofPlatform().name("tick-", 0).daemon().factory());
  }

  /// Runs `work` again and again, `pause` after it last ended, whatever it throws. A failure is
  /// told once, until the work succeeds again.
  void every(Duration pause, String name, Runnable work) {
    // A thread each, so that work that takes long keeps this node from nothing else.
    threads.setCorePoolSize(threads.getCorePoolSize() + 1);
    // The future never ends by itself, and what the work throws is told where it is thrown.
    var _ =
        threads.scheduleWithFixedDelay(
            () -> run(name, work), 0, pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void run(String name, Runnable work) {
    try {
      work.run();
      if (failing.remove(name)) {
        LOG.log(Level.INFO, "{0}: works again", name);
      }
    } catch (RuntimeException | Error e) {
      // Whatever got past here would end the work for good.
      if (failing.add(name)) {
        LOG.log(Level.ERROR, name + ": failed, will be tried again", e);
      }
    }
  }

  /// Whether everything worked the last time it ran.
  boolean areHealthy() {
    return failing.isEmpty();
  }

  @Override
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
