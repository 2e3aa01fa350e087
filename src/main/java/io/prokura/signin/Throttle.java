package io.prokura.signin;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.prokura.kernel.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// How often something may be tried. Each budget has some tries that are free; every one after
/// doubles the time until the next, up to a quarter of an hour. Kept in bounded memory, per node.
public final class Throttle {
  private static final int BUDGETS_MAX = 200_000;
  private static final Duration FORGOTTEN = Duration.ofHours(1);
  private static final Duration WAIT_MAX = Duration.ofMinutes(15);
  private static final int DOUBLINGS_MAX = 10;

  private final World world;
  private final Cache<String, Tries> tries =
      Caffeine.newBuilder().maximumSize(BUDGETS_MAX).executor(Runnable::run).build();

  /// Something that has tries of its own, and how many of them are free.
  public record Budget(String name, int free) {}

  private record Tries(int count, Instant last) {
    static final Tries NONE = new Tries(0, Instant.EPOCH);
  }

  public Throttle(World world) {
    this.world = world;
  }

  /// Takes one try from each of the budgets, before it is known what comes of it, so that many at
  /// once are no more than one after the other. Where one of them has to wait, it takes none and
  /// returns how long.
  public synchronized Optional<Duration> take(List<Budget> budgets) {
    var now = world.now();
    var wait = Duration.ZERO;
    for (var budget : budgets) {
      var left = Duration.between(now, known(budget, now).last.plus(delay(budget, now)));
      wait = left.compareTo(wait) > 0 ? left : wait;
    }
    if (wait.isPositive()) {
      return Optional.of(wait);
    }
    for (var budget : budgets) {
      tries.put(budget.name(), new Tries(known(budget, now).count + 1, now));
    }
    return Optional.empty();
  }

  /// Gives every try of a budget back: what was tried was right.
  synchronized void clear(Budget budget) {
    tries.invalidate(budget.name());
  }

  /// Gives one try of a budget back.
  public synchronized void giveBack(Budget budget) {
    var known = known(budget, world.now());
    if (known.count > 0) {
      tries.put(budget.name(), new Tries(known.count - 1, known.last));
    }
  }

  private Duration delay(Budget budget, Instant now) {
    int over = known(budget, now).count - budget.free();
    if (over < 0) {
      return Duration.ZERO;
    }
    var delay = Duration.ofSeconds(1L << Math.min(over, DOUBLINGS_MAX));
    return delay.compareTo(WAIT_MAX) < 0 ? delay : WAIT_MAX;
  }

  private Tries known(Budget budget, Instant now) {
    var known = tries.getIfPresent(budget.name());
    return known == null || known.last.plus(FORGOTTEN).isBefore(now) ? Tries.NONE : known;
  }
}
