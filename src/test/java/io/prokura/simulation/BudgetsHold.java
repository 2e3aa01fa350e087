package io.prokura.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Of a budget of calls no more is spent than its highest limit so far, by all that is narrowed
/// from its delegation together, whether the answers arrived or not; and nobody is denied for a
/// budget of which something must be left.
final class BudgetsHold implements Invariant {
  private final Model model;
  private final Tally tally;
  private final Map<Delegation, Set<List<String>>> spent = new HashMap<>();

  /// How often something was allowed that may have spent.
  private final Map<Delegation, Integer> allowed = new HashMap<>();

  BudgetsHold(Model model, Tally tally) {
    this.model = model;
    this.tally = tally;
  }

  @Override
  public void answered(Exchange exchange) {
    if (exchange.call().wish() instanceof Wish.Evaluate evaluate && exchange.done()) {
      if (exchange.entries().getLast().facts().flag("allowed").orElseThrow()) {
        evaluate.spends().ifPresent(id -> spend(exchange, evaluate, id));
      }
      var reason = exchange.entries().getLast().facts().text("reason");
      if (reason.equals(Optional.of("budget_exhausted"))) {
        assertThat(evaluate.token().delegations())
            .as("the budgets of which nothing is left: %s", exchange)
            .anyMatch(this::mayBeSpent);
        tally.count("exhausted");
      }
    }
  }

  /// The same question under the same id is paid once in a day, or again where the clock was put
  /// on.
  private void spend(Exchange exchange, Wish.Evaluate evaluate, String id) {
    var token = evaluate.token();
    var question =
        List.of(
            id,
            token.chain().stream().map(Party::id).toList().toString(),
            token.delegations().stream().map(Delegation::id).toList().toString(),
            token.resource().id(),
            evaluate.action());
    for (var delegation : token.delegations()) {
      allowed.merge(delegation, 1, Integer::sum);
      var calls = model.calls(delegation);
      if (calls.isPresent()) {
        var all = spent.computeIfAbsent(delegation, _ -> new HashSet<>());
        all.add(question);
        assertThat((long) all.size())
            .as("what is spent of %s by now: %s", delegation.id(), exchange)
            .isLessThanOrEqualTo(calls.get().highest());
        tally.count("spent");
      }
    }
  }

  private boolean mayBeSpent(Delegation delegation) {
    return model
        .calls(delegation)
        .filter(calls -> allowed.getOrDefault(delegation, 0) >= calls.lowest())
        .isPresent();
  }
}
