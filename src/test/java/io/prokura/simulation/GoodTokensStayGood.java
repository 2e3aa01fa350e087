package io.prokura.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;

/// What nothing has ended is still good. A server that refuses everything keeps every other
/// promise.
final class GoodTokensStayGood implements Invariant {
  private final Model model;

  GoodTokensStayGood(Model model) {
    this.model = model;
  }

  @Override
  public void answered(Exchange exchange) {
    if (exchange.call().wish() instanceof Wish.Introspect(var by, var token)
        && exchange.succeeded()
        && by.equals(token.resource().enforcer())
        && !token.isHandOver()
        && model.good(token, exchange.view()) == Good.YES) {
      assertThat(exchange.body().flag("active"))
          .as("%s, which nothing has ended: %s", token.id(), exchange)
          .isEqualTo(Optional.of(true));
    }
  }
}
