package io.prokura.app;

import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/// Does things at the same moment, each on a thread of its own.
final class Together {
  private static final int SECONDS_MAX = 60;

  private Together() {}

  /// What each of `calls` returned, in their order.
  static <T> List<T> call(List<Callable<T>> calls) {
    var start = new CyclicBarrier(calls.size());
    try (var threads = Executors.newFixedThreadPool(calls.size())) {
      var running = calls.stream().map(call -> threads.submit(() -> at(start, call))).toList();
      return running.stream()
          .map(
              one -> {
                try {
                  return one.get(SECONDS_MAX, TimeUnit.SECONDS);
                } catch (ExecutionException | TimeoutException e) {
                  throw new AssertionError("one of them failed", e);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                  throw new AssertionError("interrupted", e);
                }
              })
          .toList();
    }
  }

  /// What `call` returned each of `times`.
  static <T> List<T> call(int times, Callable<T> call) {
    return call(IntStream.range(0, times).mapToObj(_ -> call).toList());
  }

  private static <T> T at(CyclicBarrier start, Callable<T> call) throws Exception {
    try {
      start.await(SECONDS_MAX, TimeUnit.SECONDS);
    } catch (BrokenBarrierException e) {
      throw new AssertionError("another one never started", e);
    }
    return call.call();
  }
}
