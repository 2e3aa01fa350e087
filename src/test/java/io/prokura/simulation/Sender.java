package io.prokura.simulation;

import java.util.List;
import java.util.Optional;

/// Sends requests to whichever node chance says, remembers them, and tries again like any caller.
final class Sender {
  private static final int REMEMBERED_MAX = 60;
  private static final int FRESH = 15;

  private final Simulation simulation;
  private final Dice dice;
  private int keys;

  Sender(Simulation simulation) {
    this.simulation = simulation;
    dice = simulation.dice;
  }

  /// Sends a change, some with a key under which it may be repeated.
  void change(Call call) {
    send(dice.hits(400) ? call.with("Idempotency-Key", "key-" + keys++) : call);
  }

  /// Sends a call. Who gets no answer mostly asks once more, somewhere, and so does whoever was
  /// disturbed, at the same node.
  void send(Call call) {
    remember(call);
    var exchange = deliver(call);
    exchange.filter(one -> one.isOutage() && dice.hits(600)).ifPresent(_ -> deliver(call));
    exchange
        .filter(one -> !one.alone() && one.node().isUp())
        .ifPresent(one -> simulation.ask(one.node(), call));
  }

  private void remember(Call call) {
    simulation.past.add(call);
    if (simulation.past.size() > REMEMBERED_MAX) {
      simulation.past.removeFirst();
    }
  }

  /// Sends a call to some node, which has mostly just followed the others.
  private Optional<Exchange> deliver(Call call) {
    var chosen = dice.any(simulation.up());
    chosen.filter(_ -> dice.hits(800)).ifPresent(node -> simulation.work(node, Node.FOLLOW));
    return chosen.filter(Node::isUp).map(node -> simulation.ask(node, call));
  }

  /// Sends a call once more, to the last byte: mostly a fresh one, mostly one that works once.
  void again() {
    var past = simulation.past;
    var some = dice.hits(600) ? past.subList(Math.max(0, past.size() - FRESH), past.size()) : past;
    var once = some.stream().filter(Call::isForOnce).toList();
    dice.any(dice.hits(700) ? once : List.copyOf(some)).ifPresent(this::deliver);
  }
}
