package io.prokura.tokens;

import io.prokura.delegation.Authority;
import io.prokura.kernel.Id;
import io.prokura.kernel.World;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Which audiences hold tokens of a principal that have not expired, and how many, as far as this
/// node has issued them since it started. It is what a kill reports from; nothing is decided by it.
public final class Outstanding {
  private static final int PRINCIPALS_MAX = 200_000;

  private final World world;
  private final Map<Id.Principal, Map<String, Held>> byPrincipal = new ConcurrentHashMap<>();

  /// Tokens at one audience: how many were issued since the last moment with none, and the last
  /// expiry among them.
  public record Held(String audience, long issued, Instant lastExpiry) {}

  public Outstanding(World world) {
    this.world = world;
  }

  void issued(Authority authority, Instant expiresAt) {
    var now = world.now();
    for (var principal : authority.chain()) {
      if (byPrincipal.size() < PRINCIPALS_MAX || byPrincipal.containsKey(principal)) {
        byPrincipal
            .computeIfAbsent(principal, _ -> new ConcurrentHashMap<>())
            .merge(
                authority.audience(),
                new Held(authority.audience(), 1, expiresAt),
                (old, one) -> sum(old, one, now));
      }
    }
  }

  private static Held sum(Held old, Held one, Instant now) {
    if (!old.lastExpiry().isAfter(now)) {
      return one;
    }
    var last = old.lastExpiry().isAfter(one.lastExpiry()) ? old.lastExpiry() : one.lastExpiry();
    return new Held(old.audience(), old.issued() + one.issued(), last);
  }

  /// What is outstanding for tokens that have `principal` anywhere in their chain.
  public List<Held> of(Id.Principal principal) {
    var now = world.now();
    return byPrincipal.getOrDefault(principal, Map.of()).values().stream()
        .filter(held -> held.lastExpiry().isAfter(now))
        .toList();
  }

  /// Forgets what has expired.
  public void tick() {
    var now = world.now();
    byPrincipal
        .values()
        .removeIf(
            held -> {
              held.values().removeIf(one -> !one.lastExpiry().isAfter(now));
              return held.isEmpty();
            });
  }
}
