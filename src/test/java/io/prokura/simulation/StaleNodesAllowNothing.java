package io.prokura.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;

/// A node that has not followed the others for too long allows nothing: no token, no change, no
/// decision but a deny, and no token is called active.
final class StaleNodesAllowNothing implements Invariant {
  private final Tally tally;

  StaleNodesAllowNothing(Tally tally) {
    this.tally = tally;
  }

  @Override
  public void answered(Exchange exchange) {
    if (!exchange.stale() || !exchange.alone()) {
      return;
    }
    tally.count("stale");
    boolean allows =
        switch (exchange.call().wish()) {
          case Wish.Issue _, Wish.Revoke _, Wish.Change _, Wish.Introspect _ ->
              exchange.succeeded();
          case Wish.Evaluate _ -> exchange.body().flag("decision").equals(Optional.of(true));
          case Wish.Look _ -> exchange.succeeded() && exchange.call().isManagement();
        };
    assertThat(allows).as("a stale node: %s", exchange).isFalse();
  }
}
