package io.prokura.simulation;

import io.prokura.simulation.Wish.Grant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Teaches the model what has been done: what was asked for tells what it is, and the record tells
/// whether it happened, also when the answer was lost.
final class Learner {
  private final Model model;

  Learner(Model model) {
    this.model = model;
  }

  /// What nobody asked for.
  void notice(Entry entry) {
    if (entry.type().startsWith("key.")) {
      model.keysChanged(entry.place());
    }
  }

  /// What somebody asked for; the token that was answered, if that was one.
  Optional<HeldToken> learn(Exchange exchange) {
    exchange.entries().forEach(this::notice);
    return switch (exchange.call().wish()) {
      case Wish.Change change -> {
        if (exchange.done()) {
          change.outcome().learn(exchange, exchange.entries().getFirst());
        }
        yield Optional.empty();
      }
      case Wish.Issue issue -> issued(exchange, issue);
      case Wish.Revoke revoke -> {
        if (exchange.done() || isPromised(exchange, revoke)) {
          model.ended(revoke.token().id(), exchange.reached());
        }
        yield Optional.empty();
      }
      case Wish.Introspect _, Wish.Evaluate _, Wish.Look _ -> Optional.empty();
    };
  }

  /// Whoever was told that its own token is revoked may rely on it.
  private static boolean isPromised(Exchange exchange, Wish.Revoke revoke) {
    return exchange.succeeded()
        && !revoke.token().isHandOver()
        && revoke.by().holder().equals(revoke.token().wish().by().holder());
  }

  private Optional<HeldToken> issued(Exchange exchange, Wish.Issue issue) {
    if (!exchange.done()) {
      return Optional.empty();
    }
    var made =
        issue.grant() == Grant.TAKE
            ? Optional.of(narrowed(exchange, issue))
            : Optional.<Delegation>empty();
    made.ifPresent(model.delegations::add);
    if (!exchange.succeeded()) {
      return Optional.empty();
    }
    var token = HeldToken.given(exchange, issue, made, model);
    model.tokens.add(token);
    return Optional.of(token);
  }

  /// The delegation that a hand-over puts on record when it is taken.
  private static Delegation narrowed(Exchange exchange, Wish.Issue issue) {
    var entry = exchange.entries().getFirst();
    var handOver = issue.from().orElseThrow();
    return new Delegation(
        Revocable.made(entry, handOver.bound()),
        handOver.delegations(),
        handOver.actors().get(1),
        handOver.current(),
        handOver.purpose().orElseThrow(),
        Map.of(handOver.resource(), List.copyOf(handOver.scopes())),
        handOver.delegations().stream().mapToInt(Delegation::depthMax).min().orElseThrow());
  }
}
