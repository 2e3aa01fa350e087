package io.prokura.simulation;

import static org.assertj.core.api.Assertions.assertThat;

/// Every request is answered with what was asked for, a refusal, or an outage: never with a bug,
/// and never with a promise that nothing stands behind.
final class OnlyHonestAnswers implements Invariant {
  private final Tally tally;

  OnlyHonestAnswers(Tally tally) {
    this.tally = tally;
  }

  @Override
  public void answered(Exchange exchange) {
    int status = exchange.status();
    assertThat(status / 100 == 2 || status / 100 == 4 || status == 503)
        .as("an honest status: %s", exchange)
        .isTrue();
    tally.count(exchange.call().wish().name() + " " + status);
    if (exchange.isOutage()) {
      tally.count(exchange.done() ? "done unheard" : "outage");
    }
    if (!exchange.alone()) {
      tally.count("disturbed");
    }
  }
}
