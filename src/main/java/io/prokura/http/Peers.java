package io.prokura.http;

import java.util.List;
import java.util.Locale;

/// Network addresses of peers as far as they tell who asks.
public final class Peers {
  private static final int GROUPS = 8;
  private static final int SUBSCRIBER_GROUPS = 4;

  private Peers() {}

  /// What counts as one where it is counted how often somebody asks: an address of IPv4, and the
  /// first half of one of IPv6, of which a subscriber has 2^64.
  public static String network(String peer) {
    var groups = peer.toLowerCase(Locale.ROOT).split(":", -1);
    return groups.length < GROUPS
        ? peer
        : String.join(":", List.of(groups).subList(0, SUBSCRIBER_GROUPS));
  }
}
