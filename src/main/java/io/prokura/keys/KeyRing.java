package io.prokura.keys;

import io.prokura.jose.Algorithm;
import io.prokura.jose.SigningKey;
import io.prokura.jose.VerificationKey;
import java.time.Instant;
import java.util.List;

/// The signing keys of one algorithm at one moment, in the order in which they become active.
final class KeyRing {

  /// A key and the time from which it signs.
  record Timed(SigningKey key, Instant activeFrom) {}

  private final Algorithm algorithm;
  private final List<Timed> keys;

  KeyRing(Algorithm algorithm, List<Timed> keys) {
    this.algorithm = algorithm;
    this.keys = List.copyOf(keys);
  }

  Algorithm algorithm() {
    return algorithm;
  }

  boolean isEmpty() {
    return keys.isEmpty();
  }

  /// The key that signs at `now`: the last one to have become active, or the first of all when the
  /// clock has gone back before every one of them.
  Timed active(Instant now) {
    return keys.reversed().stream()
        .filter(timed -> !timed.activeFrom().isAfter(now))
        .findFirst()
        .orElseGet(keys::getFirst);
  }

  /// The newest key, which may be published only.
  Timed newest() {
    return keys.getLast();
  }

  List<VerificationKey> published() {
    return keys.stream().map(timed -> timed.key().verificationKey()).toList();
  }
}
