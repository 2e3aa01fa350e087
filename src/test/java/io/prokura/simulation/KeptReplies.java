package io.prokura.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What was done under an `Idempotency-Key`. The server has to remember it for a day and may
/// remember it for longer.
final class KeptReplies {
  private static final Duration KEPT = Duration.ofHours(24);

  private final InstantSource clock;
  private final Map<String, Kept> kept = new HashMap<>();
  private final Set<String> old = new HashSet<>();

  /// The first answer, unless it was lost; `at` is when it was given.
  record Kept(Call call, Optional<Exchange> answer, Instant at) {}

  KeptReplies(InstantSource clock) {
    this.clock = clock;
  }

  private static String name(Call call) {
    return call.header("Idempotency-Key")
        .map(key -> call.method() + call.path() + " " + key)
        .orElse("");
  }

  Optional<Kept> of(Call call) {
    return Optional.ofNullable(kept.get(name(call)));
  }

  /// Whether the server has to remember it.
  boolean isFresh(Call call) {
    return !old.contains(name(call));
  }

  /// Whether this very call was done before.
  boolean isRepeated(Call call) {
    return of(call).filter(one -> one.call().body().equals(call.body())).isPresent();
  }

  void keep(Exchange exchange) {
    var name = name(exchange.call());
    if (!name.isEmpty()) {
      var answer = Optional.of(exchange).filter(Exchange::succeeded);
      kept.put(name, new Kept(exchange.call(), answer, clock.instant()));
      old.remove(name);
    }
  }

  /// Notes what the server may have forgotten by now, whatever the clock says later.
  void grow() {
    kept.forEach(
        (name, one) -> {
          if (clock.instant().isAfter(one.at().plus(KEPT))) {
            old.add(name);
          }
        });
  }
}
