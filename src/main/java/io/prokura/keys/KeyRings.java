package io.prokura.keys;

import io.prokura.jose.Algorithm;
import io.prokura.jose.VerificationKey;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The signing keys of all algorithms at one moment.
final class KeyRings {
  private final Map<Algorithm, KeyRing> rings = new EnumMap<>(Algorithm.class);
  private final Map<String, VerificationKey> published = new HashMap<>();

  /// Takes keys in the order in which they become active.
  KeyRings(List<KeyRing.Timed> keys) {
    for (var algorithm : Algorithm.SIGNING) {
      var own = keys.stream().filter(timed -> timed.key().algorithm() == algorithm).toList();
      rings.put(algorithm, new KeyRing(algorithm, own));
    }
    keys.forEach(timed -> published.put(timed.key().kid(), timed.key().verificationKey()));
  }

  /// Those of an algorithm that we sign by.
  KeyRing of(Algorithm algorithm) {
    return Optional.ofNullable(rings.get(algorithm)).orElseThrow();
  }

  /// Those that have keys, the usual algorithm first.
  Collection<KeyRing> inUse() {
    return rings.values().stream().filter(ring -> !ring.isEmpty()).toList();
  }

  Optional<VerificationKey> find(String kid) {
    return Optional.ofNullable(published.get(kid));
  }

  List<VerificationKey> published() {
    return inUse().stream().flatMap(ring -> ring.published().stream()).toList();
  }
}
