package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

final class SparingThreadsTest {
  private static Duration rest(long used, long passed) {
    return SparingThreads.rest(
        Duration.ofMillis(used).toNanos(), Duration.ofMillis(passed).toNanos());
  }

  @Test
  void workThatHadACoreToItselfGoesOnAtOnce() {
    assertThat(rest(40, 40)).isZero();
    assertThat(rest(40, 50)).isZero();
  }

  @Test
  void workThatWaitedForACoreRestsUntilItHasUsedAQuarter() {
    assertThat(rest(40, 60)).isEqualTo(Duration.ofMillis(100));
    assertThat(rest(40, 159)).isEqualTo(Duration.ofMillis(1));
    assertThat(rest(40, 500)).isZero();
  }

  @Test
  void whereTheSystemDoesNotTellNobodyRests() {
    assertThat(rest(0, 60)).isZero();
  }

  @Test
  void noMoreIsDoneAtATimeThanIsAllowedAndNotOnAVirtualThread() {
    Executor threads = new SparingThreads(1);
    var virtual = CompletableFuture.supplyAsync(() -> Thread.currentThread().isVirtual(), threads);
    var open = new CountDownLatch(1);
    var blocked = CompletableFuture.runAsync(() -> await(open), threads);
    var next = CompletableFuture.runAsync(() -> {}, threads);
    assertThat(virtual.join()).isFalse();
    assertThat(next).isNotDone();
    open.countDown();
    CompletableFuture.allOf(blocked, next).join();
  }

  @Test
  void workThatFailsLeavesTheNextItsTurn() {
    Executor threads = new SparingThreads(1);
    var failed =
        CompletableFuture.runAsync(
            () -> {
              throw new IllegalStateException("broken");
            },
            threads);
    CompletableFuture.runAsync(() -> {}, threads).join();
    assertThat(failed).isCompletedExceptionally();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
