package io.prokura.grants;

import io.prokura.http.Peers;
import io.prokura.kernel.Id;
import io.prokura.kernel.Rate;
import io.prokura.kernel.World;
import java.time.Duration;

/// How often assertions about agents are looked at, whose senders prove nothing else: so many times
/// a minute from one address, before anything is verified, and so many times a minute of one
/// issuer, once it is known to have signed them. What somebody else sends in an issuer's name costs
/// the issuer nothing. Counted on each node alone.
final class AssertionRates {
  static final int SOURCE_MAX = 300;
  static final int ISSUER_MAX = 600;
  private static final int KEPT_MAX = 20_000;
  private static final Duration SPAN = Duration.ofMinutes(1);

  private final Rate sources;
  private final Rate issuers;

  AssertionRates(World world) {
    sources = new Rate(world, SOURCE_MAX, SPAN, KEPT_MAX);
    issuers = new Rate(world, ISSUER_MAX, SPAN, KEPT_MAX);
  }

  /// Whether one more from `peer` is looked at, which counts.
  boolean takeFrom(String peer) {
    return sources.take(Peers.network(peer));
  }

  /// Whether one more of the issuer is taken, which counts.
  boolean takeOf(Id.Issuer issuer) {
    return issuers.take(issuer.text());
  }
}
