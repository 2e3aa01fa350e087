package io.prokura.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Every decision is what the one snapshot says that it names, which was published and is on record
/// with it; a node never goes back to an earlier one than it has named or published; and who is
/// kept from everything by all that a node may know gets no token there.
final class OneSnapshotDecides implements Invariant {
  private final Model model;
  private final Tally tally;
  private final Map<Node, Long> known = new HashMap<>();

  OneSnapshotDecides(Model model, Tally tally) {
    this.model = model;
    this.tally = tally;
  }

  @Override
  public void answered(Exchange exchange) {
    if (!exchange.succeeded()) {
      return;
    }
    switch (exchange.call().wish()) {
      case Wish.Evaluate(_, var token, _, _) -> decided(exchange, token);
      case Wish.Change change -> {
        if (exchange.done() && change.name().matches("policies\\.(published|rolled-back)")) {
          learn(exchange, exchange.body().number("number").orElseThrow());
          tally.count(change.name());
        }
      }
      default -> {}
    }
  }

  private void decided(Exchange exchange, HeldToken token) {
    var context = exchange.body().object("context").orElseThrow();
    long number = context.number("snapshot").orElseThrow();
    var banned = model.policies.banned(number);
    assertThat(banned).as("what decided in %s", exchange).isPresent();
    assertThat(exchange.entries().getLast().facts().number("published"))
        .as("the snapshot on record of %s", exchange)
        .hasValue(number);
    if (exchange.alone()) {
      assertThat(number)
          .as("not earlier than what the node knew: %s", exchange)
          .isGreaterThanOrEqualTo(known.getOrDefault(exchange.node(), 0L));
      learn(exchange, number);
    }
    boolean keptOut = token.chain().stream().anyMatch(banned.orElseThrow()::contains);
    var code = context.object("why").flatMap(reason -> reason.text("code"));
    if (code.equals(Optional.of("forbidden"))) {
      assertThat(keptOut).as("by snapshot %d somebody is kept out: %s", number, exchange).isTrue();
      tally.count("forbidden");
    }
    assertThat(keptOut && exchange.body().flag("decision").orElse(false))
        .as("allowed although snapshot %d keeps somebody out: %s", number, exchange)
        .isFalse();
  }

  private void learn(Exchange exchange, long number) {
    known.merge(exchange.node(), number, Math::max);
  }

  @Override
  public void given(Exchange exchange, HeldToken token) {
    if (exchange.alone()) {
      assertThat(model.policies.mayLetAct(token.chain(), known.getOrDefault(exchange.node(), 0L)))
          .as("a token for a chain that every snapshot lets act: %s", exchange)
          .isTrue();
    }
  }
}
