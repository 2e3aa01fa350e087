package io.prokura.signin;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.kernel.World;
import io.prokura.signin.Throttle.Budget;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// How often something may be tried.
final class ThrottleTest {
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH.plusSeconds(1));
  private final Throttle throttle = new Throttle(new World(now::get, new Random(1)));
  private final Budget one = new Budget("one", 2);
  private final Budget other = new Budget("other", 2);

  @Test
  void theTimeBetweenTriesDoublesUpToABound() {
    assertThat(throttle.take(List.of(one))).isEmpty();
    assertThat(throttle.take(List.of(one))).isEmpty();
    var expected = Duration.ofSeconds(1);
    for (int i = 0; i < 14; i++) {
      var wait = throttle.take(List.of(one)).orElseThrow();
      assertThat(wait).isEqualTo(expected);
      now.updateAndGet(time -> time.plus(wait));
      assertThat(throttle.take(List.of(one))).isEmpty();
      var doubled = expected.multipliedBy(2);
      var max = Duration.ofMinutes(15);
      expected = doubled.compareTo(max) < 0 ? doubled : max;
    }
    assertThat(throttle.take(List.of(other))).as("another budget").isEmpty();
    now.updateAndGet(time -> time.plus(Duration.ofMinutes(61)));
    assertThat(throttle.take(List.of(one))).as("forgotten").isEmpty();
  }

  @Test
  void aTryThatHasToWaitTakesNothing() {
    throttle.take(List.of(one));
    throttle.take(List.of(one));
    assertThat(throttle.take(List.of(one, other))).isPresent();
    assertThat(throttle.take(List.of(one, other))).isPresent();
    throttle.clear(one);
    assertThat(throttle.take(List.of(one, other))).isEmpty();
    throttle.giveBack(other);
    assertThat(throttle.take(List.of(other))).isEmpty();
    assertThat(throttle.take(List.of(other))).isEmpty();
    assertThat(throttle.take(List.of(other))).isPresent();
  }
}
