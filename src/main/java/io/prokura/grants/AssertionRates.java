package io.prokura.grants;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.prokura.http.Peers;
import io.prokura.kernel.Id;
import io.prokura.kernel.World;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentMap;

/// How often assertions about agents are looked at, whose senders prove nothing else: so many times
/// a minute from one address, before anything is verified, and so many times a minute of one
/// issuer, once it is known to have signed them. What somebody else sends in an issuer's name costs
/// the issuer nothing. Counted on each node alone.
final class AssertionRates {
  static final int SOURCE_MAX = 300;
  static final int ISSUER_MAX = 600;
  private static final int KEPT_MAX = 20_000;
  private static final Duration SPAN = Duration.ofMinutes(1);

  private final World world;
  private final ConcurrentMap<String, Spent> spent =
      Caffeine.newBuilder().maximumSize(KEPT_MAX).<String, Spent>build().asMap();

  private record Spent(Instant since, int count) {
    Spent more(Instant now, int max) {
      return now.isBefore(since.plus(SPAN))
          ? new Spent(since, Math.min(count, max) + 1)
          : new Spent(now, 1);
    }
  }

  AssertionRates(World world) {
    this.world = world;
  }

  /// Whether one more from `peer` is looked at, which counts.
  boolean takeFrom(String peer) {
    return take("source " + Peers.network(peer), SOURCE_MAX);
  }

  /// Whether one more of the issuer is taken, which counts.
  boolean takeOf(Id.Issuer issuer) {
    return take("issuer " + issuer.text(), ISSUER_MAX);
  }

  private boolean take(String what, int max) {
    var now = world.now();
    return spent
            .compute(
                what, (_, before) -> before == null ? new Spent(now, 1) : before.more(now, max))
            .count()
        <= max;
  }
}
