package io.prokura.sql;

import io.prokura.kernel.Outage;
import io.prokura.kernel.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/// One transaction that waits for the writer, and its caller with it.
final class Job<T> {
  private final Function<Tx, T> work;
  private final long since = System.nanoTime();
  private final CompletableFuture<Tx> durable = new CompletableFuture<>();
  private final AtomicBoolean taken = new AtomicBoolean();
  private final List<T> result = new ArrayList<>(1);

  Job(Function<Tx, T> work) {
    this.work = work;
  }

  /// Claims the job for the writer; false when its caller has given up.
  boolean take() {
    return taken.compareAndSet(false, true);
  }

  /// Runs the work; true when what it wrote is to be kept.
  boolean run(Tx tx) {
    var value = work.apply(tx);
    result.clear();
    result.add(value);
    return !(value instanceof Result.Refused<?>);
  }

  boolean isAnswered() {
    return durable.isDone();
  }

  boolean hasWaited(long nanos) {
    return System.nanoTime() - since > nanos;
  }

  void succeed(Tx tx) {
    durable.complete(tx);
  }

  void fail(Throwable failure) {
    durable.completeExceptionally(failure);
  }

  /// Waits until the job is answered and returns its result. Whoever waits is interrupted or
  /// answered by [GroupCommit] at some time, so the wait itself needs no bound.
  T await() {
    try {
      durable.get().afterCommit().forEach(Runnable::run);
      return result.getFirst();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new Outage("transaction failed", e);
    } catch (InterruptedException e) {
      taken.set(true);
      Thread.currentThread().interrupt();
      throw new Outage("interrupted while waiting for the database", e);
    }
  }
}
