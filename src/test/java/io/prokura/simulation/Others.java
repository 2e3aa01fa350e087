package io.prokura.simulation;

import io.prokura.simulation.Ending.Move;
import io.prokura.simulation.Simulation.Doing.Answering;
import io.prokura.simulation.Simulation.Doing.Working;
import java.util.Optional;

/// What others do in the middle of something: the worst that can happen, to what a request rests
/// on, known at once to the node that is about to answer it; or the same work on another node.
final class Others {
  private final Simulation simulation;
  private final Model model;
  private final Dice dice;
  private final Ending ending;
  private final Registering registering;
  private int names;

  Others(Simulation simulation) {
    this.simulation = simulation;
    model = simulation.model;
    dice = simulation.dice;
    ending = new Ending(model);
    registering = new Registering(model);
  }

  void interfere() {
    simulation
        .doing()
        .ifPresent(
            doing ->
                simulation.disturb(
                    () -> {
                      switch (doing) {
                        case Answering(var node, var call) -> interfere(node, call);
                        case Working(var node, var work) -> compete(node, work);
                      }
                    }));
  }

  /// Writes something, and has another node do the same work.
  private void compete(Node node, String work) {
    simulation.follow(simulation.observer);
    simulation.ask(simulation.observer, registering.user("somebody " + names++));
    dice.any(simulation.up().stream().filter(other -> !other.equals(node)).toList())
        .ifPresent(other -> simulation.work(other, work));
  }

  private void interfere(Node node, Call call) {
    simulation.follow(simulation.observer);
    worst(call).ifPresent(worst -> simulation.ask(simulation.observer, worst));
    if (dice.hits(800) && node.isUp()) {
      simulation.follow(node);
    }
  }

  private Optional<Call> worst(Call call) {
    return switch (call.wish()) {
      case Wish.Issue issue -> worst(issue);
      case Wish.Introspect(_, var token) -> end(token);
      case Wish.Evaluate(_, var token, _, _) -> end(token);
      case Wish.Change _ -> change(call.path());
      case Wish.Revoke _, Wish.Look _ -> Optional.empty();
    };
  }

  /// Takes another step with an agent that is being changed.
  private Optional<Call> change(String path) {
    return dice.any(model.parties.stream().filter(one -> path.contains(one.path())).toList())
        .filter(Party::isAgent)
        .map(agent -> ending.move(agent, agent.isActive() ? Move.SUSPEND : Move.RESUME));
  }

  /// Ends the credential that proves the caller, or what the new token is to rest on.
  private Optional<Call> worst(Wish.Issue issue) {
    return dice.hits(300)
        ? end(issue.by())
        : issue.from().flatMap(this::end).or(() -> issue.basis().delegation().map(ending::revoke));
  }

  /// Those of the enforcers stay: with them is everything found out.
  private Optional<Call> end(Credential credential) {
    return Optional.of(credential).filter(one -> !isEnforcer(one)).map(ending::revoke);
  }

  private boolean isEnforcer(Credential credential) {
    return model.resources.stream().anyMatch(one -> one.enforcer().equals(credential));
  }

  private Optional<Call> end(HeldToken token) {
    var agents = token.chain().stream().filter(Party::isAgent).toList();
    if (dice.hits(400)) {
      return dice.any(agents).map(ending::kill);
    }
    if (dice.hits(200)) {
      var held = model.permissions.stream().filter(one -> token.chain().contains(one.holder()));
      return dice.any(held.toList()).map(ending::revoke);
    }
    return token.delegations().isEmpty() || dice.hits(300)
        ? end(token.wish().by())
        : Optional.of(ending.revoke(dice.one(token.delegations())));
  }
}
