package io.prokura.simulation;

import java.time.Duration;
import java.util.List;

/// What happens by itself next: time passes or is put right, periodic work is done, processes end
/// and start again.
final class OperatingSteps {
  private final Simulation simulation;
  private final Dice dice;

  OperatingSteps(Simulation simulation) {
    this.simulation = simulation;
    dice = simulation.dice;
  }

  List<Step> steps() {
    return List.of(
        new Step("a moment passes", 10, () -> pass(Duration.ofMillis(dice.below(900)))),
        new Step("some seconds pass", 3, () -> pass(Duration.ofSeconds(dice.below(30)))),
        new Step("something expires", 1, this::expire),
        new Step("the clock is put", 1, this::putClock),
        new Step("periodic work", 6, this::work),
        new Step("sequence", 5, this::sequence),
        new Step("crash", 2, this::crash),
        new Step("start", 10, this::start));
  }

  private void pass(Duration duration) {
    simulation.clock.pass(duration);
  }

  /// Moves the clock to the edge of a token's life.
  private void expire() {
    dice.any(simulation.model.tokens)
        .filter(token -> token.expiresAt().isAfter(simulation.clock.instant()))
        .ifPresent(
            token ->
                simulation.clock.set(
                    token.expiresAt().plusMillis(dice.one(List.of(-1000, -1, 0, 1, 1000)))));
  }

  /// Puts the clock forward or back, by seconds to days.
  private void putClock() {
    var seconds = dice.one(List.of(1, 5, 61, 299, 301, 3_601, 86_401, 3 * 86_400));
    var by = Duration.ofSeconds(seconds);
    simulation.tell("the clock is put by " + by);
    pass(dice.hits(500) ? by : by.negated());
  }

  private void work() {
    dice.any(simulation.up())
        .ifPresent(node -> simulation.work(node, dice.one(List.copyOf(node.works()))));
  }

  private void sequence() {
    dice.any(simulation.up()).ifPresent(node -> simulation.work(node, Node.SEQUENCE));
  }

  private void crash() {
    dice.any(simulation.up())
        .ifPresent(
            node -> {
              node.crash();
              simulation.tell(node.name() + ": crash");
            });
  }

  private void start() {
    dice.any(simulation.nodes.stream().filter(node -> !node.isUp()).toList())
        .ifPresent(simulation::start);
  }
}
