package io.prokura.simulation;

import io.prokura.sql.Database;
import io.prokura.tlog.InvalidException;
import io.prokura.tlog.LogPolicy;
import io.prokura.tlog.NoteVerifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// One run from one seed: the cast enters, things happen, and at the end everything heals.
final class Run {
  private static final int TRACE_SHOWN = 40;

  private final long seed;
  private final Simulation simulation;
  private final Tally tally;

  Run(long seed, Database database, Path folder, Tally tally) {
    this.seed = seed;
    this.tally = tally;
    simulation = new Simulation(seed, database, folder, tally);
  }

  /// Runs so many steps and returns all that happened.
  List<String> run(int steps, boolean shared) {
    try {
      begin(shared);
      var sender = new Sender(simulation);
      var callers = new CallerSteps(simulation, sender);
      var choices = choices(sender, callers);
      for (int i = 0; i < steps; i++) {
        simulation.dice.one(choices).run().run();
        callers.probe();
        simulation.invariants().forEach(Invariant::stepped);
      }
      simulation.trouble.calmly(this::heal);
      simulation.invariants().forEach(Invariant::over);
      return simulation.trace();
    } catch (RuntimeException | AssertionError e) {
      var trace = simulation.trace();
      var last = trace.subList(Math.max(0, trace.size() - TRACE_SHOWN), trace.size());
      throw new AssertionError(
          "fails with -Dseed=%d after%n  %s".formatted(seed, String.join("\n  ", last)), e);
    }
  }

  private void begin(boolean shared) {
    simulation.trouble.calmly(this::openTheCurtain);
    simulation.trouble.others(new Others(simulation)::interfere);
    var policy = policy();
    var kept = new KeptReplies(simulation.clock);
    simulation.watch(
        List.of(
            new OnlyHonestAnswers(tally),
            new NothingUnrecorded(kept),
            new RepeatedIsDoneOnce(kept, tally),
            new AllOrNothing(simulation),
            new OnceMeansOnce(simulation.clock, shared, tally),
            new RevokedMeansRefused(simulation.model, tally),
            new OneSnapshotDecides(simulation.model, tally),
            new BudgetsHold(simulation.model, tally),
            new GoodTokensStayGood(simulation.model),
            new ChainsOnlyNarrow(simulation.model),
            new StaleNodesAllowNothing(tally),
            new EntriesNeverChange(simulation.stored),
            new CheckpointsOnlyGrow(simulation, policy),
            new AnsweredIsProvable(simulation, policy)));
  }

  private void openTheCurtain() {
    var one = simulation.nodes.getFirst();
    var two = simulation.nodes.getLast();
    simulation.start(one);
    simulation.observer.takeKeyOf(one);
    simulation.start(simulation.observer);
    new Cast(simulation).enter();
    two.takeKeyOf(one);
    simulation.start(two);
    simulation.work(one, Node.FOLLOW);
    simulation.work(one, Node.SEQUENCE);
  }

  /// Whoever verifies the log has its key from the first receipt.
  private LogPolicy policy() {
    var agent = simulation.model.parties.getLast().id();
    var node = simulation.nodes.getFirst();
    var receipt =
        simulation.look(node, Call.look("receipt", "/api/v1/audit/" + agent + "/receipt"));
    try {
      var vkey = JsonText.object(receipt.orElseThrow().bodyText()).text("vkey").orElseThrow();
      return LogPolicy.of(NoteVerifier.parse(vkey));
    } catch (InvalidException e) {
      throw new AssertionError("not a key", e);
    }
  }

  /// Everything that may happen, each as often as its weight and this seed have it: some things
  /// never happen under a seed, and others often.
  private List<Step> choices(Sender sender, CallerSteps callers) {
    var all = new ArrayList<Step>();
    all.addAll(new AdministratorSteps(simulation, sender).steps());
    all.addAll(callers.steps());
    all.addAll(new OperatingSteps(simulation).steps());
    all.add(new Step("send something again", 8, sender::again));
    var choices = new ArrayList<Step>();
    for (var step : all) {
      int times = step.weight() * simulation.dice.one(List.of(0, 1, 1, 1, 1, 2, 2, 4));
      for (int i = 0; i < times; i++) {
        choices.add(step);
      }
    }
    return choices;
  }

  /// Every node runs and puts the log in order.
  private void heal() {
    for (var node : simulation.nodes) {
      if (!node.isUp()) {
        simulation.start(node);
      }
      simulation.work(node, Node.FOLLOW);
      simulation.work(node, Node.SEQUENCE);
    }
  }
}
