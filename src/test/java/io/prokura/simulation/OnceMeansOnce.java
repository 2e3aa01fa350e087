package io.prokura.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.simulation.Call.Assertion;
import io.prokura.simulation.Wish.Grant;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/// What is good once is good once, whatever is lost and whoever starts anew: a hand-over makes one
/// token, a client assertion proves its client once.
///
/// Only until it expires: then it is forgotten, and a clock that is put back brings it back. Used
/// assertions are also forgotten by a node on the embedded database that starts anew; it knows them
/// by their age, and so not when the clock was put back in the meantime.
final class OnceMeansOnce implements Invariant {
  private final InstantSource clock;
  private final boolean shared;
  private final Tally tally;
  private final Map<String, Use> used = new HashMap<>();

  /// When something was used, at which node, and from when on nobody accepts it.
  private record Use(Node node, Instant at, Instant until) {}

  /// Used assertions are `shared` by all nodes where the database is made for several; otherwise
  /// each node remembers its own.
  OnceMeansOnce(InstantSource clock, boolean shared, Tally tally) {
    this.clock = clock;
    this.shared = shared;
    this.tally = tally;
  }

  @Override
  public void answered(Exchange exchange) {
    if (exchange.call().wish() instanceof Wish.Issue issue && issue.grant() == Grant.TAKE) {
      var handOver = issue.from().orElseThrow();
      use(exchange, handOver.id(), exchange.done(), handOver.expiresAt());
    }
    exchange.call().once().ifPresent(assertion -> proof(exchange, assertion));
  }

  private void proof(Exchange exchange, Assertion assertion) {
    var at = shared ? "" : " at " + exchange.node().name();
    use(exchange, assertion.jti() + at, isProven(exchange), assertion.until());
  }

  private void use(Exchange exchange, String what, boolean works, Instant until) {
    if (works) {
      assertThat(used).as("what was used before %s", exchange).doesNotContainKey(what);
      used.put(what, new Use(exchange.node(), clock.instant(), until));
    } else if (used.containsKey(what) && exchange.refused()) {
      tally.count("refused again");
    }
  }

  /// Whether the client was believed: it was answered, or refused for another reason, or the record
  /// tells of it although the answer was lost.
  private static boolean isProven(Exchange exchange) {
    var error = exchange.body().text("error").orElse("");
    return exchange.isOutage() ? !exchange.entries().isEmpty() : !error.equals("invalid_client");
  }

  @Override
  public void started(Node node) {
    if (!shared) {
      used.values().removeIf(use -> use.node().equals(node) && clock.instant().isBefore(use.at()));
    }
  }

  @Override
  public void stepped() {
    used.values().removeIf(use -> !clock.instant().isBefore(use.until()));
  }
}
