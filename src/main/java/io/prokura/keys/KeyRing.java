package io.prokura.keys;

import io.prokura.jose.SigningKey;
import io.prokura.jose.VerificationKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The signing keys of one algorithm at one moment, in the order in which they become active.
final class KeyRing {

  /// A key and the time from which it signs.
  record Timed(SigningKey key, Instant activeFrom) {}

  private final List<Timed> keys;
  private final Map<String, VerificationKey> published;

  KeyRing(List<Timed> keys) {
    this.keys = List.copyOf(keys);
    published =
        this.keys.stream()
            .map(timed -> timed.key().verificationKey())
            .collect(
                Collectors.toUnmodifiableMap(
                    VerificationKey::thumbprint, Function.identity(), (one, _) -> one));
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

  Optional<VerificationKey> find(String kid) {
    return Optional.ofNullable(published.get(kid));
  }

  List<VerificationKey> published() {
    return keys.stream().map(timed -> timed.key().verificationKey()).toList();
  }
}
