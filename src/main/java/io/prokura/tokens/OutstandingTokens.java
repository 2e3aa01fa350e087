package io.prokura.tokens;

import io.prokura.audit.RecentEntries;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.World;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Which access and transaction tokens are out that have an agent anywhere in their chain, as the
/// record tells: no token leaves the server without an entry, whichever node issued it.
public final class OutstandingTokens {
  private final RecentEntries entries;
  private final World world;
  private final Limits limits;

  public OutstandingTokens(RecentEntries entries, World world, Limits limits) {
    this.entries = entries;
    this.world = world;
    this.limits = limits;
  }

  /// Tokens at one audience, a resource or a trust domain, that have not expired, and when the last
  /// of them does.
  public record Held(String audience, long tokens, Instant lastExpiry) {
    private Held and(Held other) {
      return new Held(
          audience,
          tokens + other.tokens,
          lastExpiry.isAfter(other.lastExpiry) ? lastExpiry : other.lastExpiry);
    }
  }

  /// The tokens by audience, and the ids of those who act below the agent in one of them. Not
  /// `complete` when there were too many entries to look at.
  public record Found(List<Held> held, SortedSet<String> below, boolean complete) {}

  /// What is out with `agent` in its chain.
  public Found of(Id.Agent agent) {
    var now = world.now();
    var held = new TreeMap<String, Held>();
    var below = new TreeSet<String>();
    var from = now.minus(limits.accessTokenLifetime()).minus(limits.clockSkew());
    boolean complete =
        entries.read(
            Set.of(Issuance.ACCESS_TOKEN, Issuance.TRANSACTION),
            agent.text(),
            from,
            (_, _, facts) -> {
              var chain = chain(facts);
              var expiry = Instant.ofEpochSecond(facts.number("expiresAt").orElseThrow());
              int place = chain.indexOf(agent.text());
              if (place >= 0 && expiry.isAfter(now)) {
                var one = new Held(audience(facts), 1, expiry);
                held.merge(one.audience(), one, Held::and);
                below.addAll(chain.subList(0, place));
              }
            });
    return new Found(List.copyOf(held.values()), below, complete);
  }

  private static String audience(Json.Obj facts) {
    return facts.text(Issuance.TRUST_DOMAIN).or(() -> facts.text("audience")).orElseThrow();
  }

  /// Who acts, the current one first, and for whom: as [Issuance] puts it on record.
  private static List<String> chain(Json.Obj facts) {
    var chain = new ArrayList<>(facts.texts("actors").orElse(List.of()));
    chain.add(facts.text("subject").orElseThrow());
    return chain;
  }
}
