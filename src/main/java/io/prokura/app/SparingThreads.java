package io.prokura.app;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Threads for work that computes for long: a few at a time, the rest in a line without bounds.
/// While the server has other things to do, a thread rests after each piece of work, so that all of
/// them together take a sixteenth of the processor's time that the server gets; otherwise it goes
/// on at once.
///
/// They are threads of the system and not virtual ones, because such work would keep the few
/// carriers from everybody else; and the system shares cores out evenly, by which a thread that
/// always computes would get as much as all the requests that a carrier serves.
final class SparingThreads implements Executor {
  /// The part of the server's processor time that is taken while others want it: one in so many.
  private static final int SHARE = 16;

  /// The server has nothing else to do when the rest of it takes less than one core in so many.
  private static final int IDLE = 2;

  private static final Duration STEP = Duration.ofMillis(5);
  private static final Duration KEPT = Duration.ofSeconds(10);

  private final ThreadMXBean ofThread = ManagementFactory.getThreadMXBean();
  private final OperatingSystemMXBean ofServer =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private final int atOnce;
  private final ThreadPoolExecutor threads;

  /// Works on `atOnce` things at a time.
  SparingThreads(int atOnce) {
    this.atOnce = atOnce;
    threads =
        new ThreadPoolExecutor(
            atOnce,
            atOnce,
            KEPT.toSeconds(),
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().name("sparing-", 0).daemon().factory());
    threads.allowCoreThreadTimeOut(true);
  }

  @Override
  public void execute(Runnable work) {
    threads.execute(
        () -> {
          long since = System.nanoTime();
          long before = ofServer.getProcessCpuTime();
          long ownBefore = own();
          work.run();
          long own = own() - ownBefore;
          while (isToRest(
              atOnce, own, ofServer.getProcessCpuTime() - before, System.nanoTime() - since)) {
            if (!pause()) {
              return;
            }
          }
        });
  }

  private long own() {
    return ofThread.isCurrentThreadCpuTimeSupported() ? ofThread.getCurrentThreadCpuTime() : 0;
  }

  /// Whether one of `atOnce` threads rests on, whose work took `own` nanoseconds of a processor's
  /// time, since the beginning of which `passed` nanoseconds have passed and the server took
  /// `whole`, this work included. It never rests for long, and not where the system doesn't tell.
  static boolean isToRest(int atOnce, long own, long whole, long passed) {
    boolean isIdle = (whole - own) * IDLE < passed;
    boolean hasLeftEnough = whole >= own * SHARE * atOnce;
    return own > 0 && !isIdle && !hasLeftEnough && passed < own * SHARE;
  }

  private static boolean pause() {
    try {
      Thread.sleep(STEP);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
