package io.prokura.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;

/// Whatever rests on something that was killed, revoked, suspended or has expired is good nowhere
/// where that is known: not active, not allowed, and nothing new is made from it.
final class RevokedMeansRefused implements Invariant {
  private final Model model;
  private final Tally tally;

  RevokedMeansRefused(Model model, Tally tally) {
    this.model = model;
    this.tally = tally;
  }

  @Override
  public void answered(Exchange exchange) {
    switch (exchange.call().wish()) {
      case Wish.Introspect(_, var token) -> {
        if (exchange.body().flag("active").equals(Optional.of(true))) {
          assertThat(model.good(token, exchange.view()))
              .as(
                  "whether %s is good, which is called active: %s, against %s",
                  token, exchange, model.against(token, exchange.view()))
              .isNotEqualTo(Good.NO);
          tally.count("active");
        } else if (exchange.succeeded()) {
          tally.count("not active");
        }
      }
      case Wish.Evaluate(_, var token, var action, _) -> {
        if (exchange.body().flag("decision").equals(Optional.of(true))) {
          assertThat(allowed(token, action, exchange.view()))
              .as("whether %s allows %s, which was allowed: %s", token.id(), action, exchange)
              .isNotEqualTo(Good.NO);
          tally.count("allowed");
        } else if (exchange.succeeded()) {
          tally.count("denied");
        }
      }
      default -> {}
    }
  }

  private Good allowed(HeldToken token, String action, View view) {
    boolean covered =
        token.scopes().contains(action)
            && token.purpose().map(one -> one.covers(token.resource(), action)).orElse(true);
    return model
        .good(token, view)
        .and(Good.of(covered))
        .and(model.permitted(token.chain(), token.resource(), action, view));
  }

  @Override
  public void given(Exchange exchange, HeldToken token) {
    var view = exchange.view();
    var wish = token.wish();
    assertThat(model.grounds(token.chain(), token.delegations(), view))
        .as("whether what a new token rests on is good: %s", exchange)
        .isNotEqualTo(Good.NO);
    assertThat(wish.by().life().good(view))
        .as("whether the credential is good: %s", exchange)
        .isNotEqualTo(Good.NO);
    wish.from()
        .ifPresent(
            parent ->
                assertThat(model.good(parent, view))
                    .as(
                        "whether %s is good, from which a token was made: %s",
                        parent.id(), exchange)
                    .isNotEqualTo(Good.NO));
    token
        .purpose()
        .ifPresent(
            purpose ->
                assertThat(purpose.good(view))
                    .as("whether the purpose is good: %s", exchange)
                    .isNotEqualTo(Good.NO));
    tally.count("given " + wish.grant());
  }
}
