package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

final class SparingThreadsTest {
  private static boolean isToRest(int atOnce, long own, long whole, long passed) {
    return SparingThreads.isToRest(atOnce, nanos(own), nanos(whole), nanos(passed));
  }

  private static long nanos(long millis) {
    return Duration.ofMillis(millis).toNanos();
  }

  @Test
  void aServerThatHasNothingElseToDoWorksOnAtOnce() {
    assertThat(isToRest(1, 40, 40, 40)).isFalse();
    assertThat(isToRest(1, 40, 59, 40)).isFalse();
    assertThat(isToRest(1, 40, 61, 40)).isTrue();
  }

  @Test
  void aSixteenthOfWhatABusyServerGetsIsTakenByAllTogether() {
    assertThat(isToRest(1, 40, 639, 400)).isTrue();
    assertThat(isToRest(1, 40, 640, 400)).isFalse();
    assertThat(isToRest(4, 40, 640, 400)).isTrue();
    assertThat(isToRest(4, 40, 2560, 400)).isFalse();
  }

  @Test
  void nobodyRestsForLongWhereOtherProgramsHaveTheCores() {
    assertThat(isToRest(1, 40, 400, 639)).isTrue();
    assertThat(isToRest(1, 40, 400, 640)).isFalse();
  }

  @Test
  void whereTheSystemDoesNotTellNobodyRests() {
    assertThat(isToRest(1, 0, 80, 60)).isFalse();
    assertThat(isToRest(1, 40, -1, 60)).isFalse();
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
