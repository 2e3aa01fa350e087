package io.prokura.bench;

import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;

/// Virtual threads that do the same work again and again, each waiting for its own to be done
/// before it begins anew, as the server's threads do.
final class Crew {
  private static final int NUMBERS_APART = 1 << 16;
  private static final int SLACK_SECONDS = 60;
  private static final long ALL_MAX = TimeUnit.HOURS.toSeconds(24);

  private Crew() {}

  /// What was done, and how long each piece of work took while it was measured.
  record Done(Histogram latencies, long unmeasured) {
    long all() {
      return latencies.count() + unmeasured;
    }
  }

  /// When to begin to measure and when to stop, by `System.nanoTime()`.
  private record Window(long start, long end) {}

  /// Has `threads` threads do `work` for the time in `settings`. The work is given a number that no
  /// two pieces of it share.
  static Done run(int threads, Settings settings, IntConsumer work) {
    long start = System.nanoTime() + settings.warmUp().toNanos();
    var window = new Window(start, start + settings.duration().toNanos());
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      long seconds = settings.warmUp().plus(settings.duration()).toSeconds() + SLACK_SECONDS;
      var running = new ArrayList<Future<Done>>();
      for (int i = 0; i < threads; i++) {
        int first = i * NUMBERS_APART;
        running.add(executor.submit(() -> run(window, first, work)));
      }
      var latencies = new Histogram();
      long unmeasured = 0;
      for (var future : running) {
        var done = get(future, seconds);
        latencies.addAll(done.latencies());
        unmeasured += done.unmeasured();
      }
      return new Done(latencies, unmeasured);
    }
  }

  /// Has `threads` threads do `pieces` pieces of work, which are numbered from 0, as fast as they
  /// can.
  static void all(int threads, long pieces, LongConsumer work) {
    var next = new AtomicLong();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<Future<?>>();
      for (int i = 0; i < threads; i++) {
        running.add(
            executor.submit(
                () -> {
                  for (long n = next.getAndIncrement(); n < pieces; n = next.getAndIncrement()) {
                    work.accept(n);
                  }
                }));
      }
      for (var future : running) {
        get(future, ALL_MAX);
      }
    }
  }

  private static Done run(Window window, int first, IntConsumer work) {
    var latencies = new Histogram();
    long unmeasured = 0;
    long begin = System.nanoTime();
    for (int i = first; begin - window.end() < 0; i++) {
      work.accept(i);
      long end = System.nanoTime();
      if (end - window.start() >= 0 && end - window.end() < 0) {
        latencies.add(end - begin);
      } else {
        unmeasured++;
      }
      begin = end;
    }
    return new Done(latencies, unmeasured);
  }

  private static <T> T get(Future<T> future, long seconds) {
    try {
      return future.get(seconds, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new BenchmarkFailure("the work failed: " + e.getCause(), e);
    } catch (TimeoutException e) {
      throw new BenchmarkFailure("the work did not end", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchmarkFailure("interrupted", e);
    }
  }
}
