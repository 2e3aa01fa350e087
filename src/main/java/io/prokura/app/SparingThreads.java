package io.prokura.app;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Threads for work that computes for long: a few at a time, the rest in a line without bounds. A
/// thread whose work had to wait for a core rests afterwards, until it has used no more than a
/// quarter of the time that passed; while cores are free it goes on at once.
///
/// They are threads of the system and not virtual ones, because such work would keep the few
/// carriers from everybody else; and the system shares cores out evenly, by which a thread that
/// always computes would get as much as all the requests that a carrier serves.
final class SparingThreads implements Executor {
  /// The part of a core that a thread takes while others want it: one in so many.
  static final int SHARE = 4;

  /// How much longer than its processor time work takes where nobody else wants the core: it is
  /// interrupted now and then all the same. In per cent.
  private static final int ALONE = 125;

  private static final Duration KEPT = Duration.ofSeconds(10);

  private final ThreadMXBean times = ManagementFactory.getThreadMXBean();
  private final ThreadPoolExecutor threads;

  /// Works on `atOnce` things at a time.
  SparingThreads(int atOnce) {
    threads =
        new ThreadPoolExecutor(
            atOnce,
            atOnce,
            KEPT.toSeconds(),
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().name("password-", 0).daemon().factory());
    threads.allowCoreThreadTimeOut(true);
  }

  @Override
  public void execute(Runnable work) {
    threads.execute(
        () -> {
          long since = System.nanoTime();
          long before = used();
          work.run();
          var rest = rest(used() - before, System.nanoTime() - since);
          if (rest.isPositive()) {
            pause(rest);
          }
        });
  }

  private long used() {
    return times.isCurrentThreadCpuTimeSupported() ? times.getCurrentThreadCpuTime() : 0;
  }

  /// How long to rest after work that took `used` nanoseconds of a processor's time within
  /// `passed`; not at all where the system doesn't tell.
  static Duration rest(long used, long passed) {
    boolean hasWaited = passed * 100 > used * ALONE;
    return hasWaited && used > 0
        ? Duration.ofNanos(Math.max(0, used * SHARE - passed))
        : Duration.ZERO;
  }

  private static void pause(Duration rest) {
    try {
      Thread.sleep(rest);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
