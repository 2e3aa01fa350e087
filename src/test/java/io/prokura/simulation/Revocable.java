package io.prokura.simulation;

import java.time.Instant;

/// Something that is good from the day it is made until it expires or is revoked for ever.
record Revocable(String id, Instant expiresAt, History<Boolean> good) {

  /// What the entry `first` tells of.
  static Revocable made(Entry first, Instant expiresAt) {
    return new Revocable(first.about(), expiresAt, new History<>(first.place(), true));
  }

  Good good(View view) {
    return Good.of(good.believable(view.applied()), one -> one && view.now().isBefore(expiresAt))
        .atBest(view.knows(good.since()));
  }

  void revoke(long place) {
    good.set(place, false);
  }

  boolean isRevoked() {
    return !good.now();
  }
}
