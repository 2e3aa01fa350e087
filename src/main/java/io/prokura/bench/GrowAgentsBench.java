package io.prokura.bench;

import io.prokura.bench.LoadPlan.Kind;
import io.prokura.kernel.World;
import java.time.Duration;
import java.util.List;

/// How the rate of tokens by client secret depends on how many agents are registered. The requests
/// come as a large random sample of them, so that memory of bounded size misses as it would.
final class GrowAgentsBench {
  private static final List<Integer> SIZES = List.of(1_000, 10_000, 100_000, 1_000_000);

  /// What the database takes for an agent with the entries about it, with some to spare.
  private static final long BYTES_EACH = 12_000;

  /// What a run takes beside the agents: mainly the entries of the tokens.
  private static final long BYTES_MORE = 3_000_000_000L;

  /// How long it may take to ask as every agent of the sample once.
  private static final Duration ROUND_MAX = Duration.ofMinutes(5);

  private final World world;
  private final Settings settings;

  GrowAgentsBench(World world, Settings settings) {
    this.world = world;
    this.settings = settings;
  }

  Measured measure() {
    var sizes = settings.sizesOr(SIZES);
    try (var workspace = Workspace.open()) {
      workspace.require(sizes.getLast() * BYTES_EACH + BYTES_MORE);
      Organisation organisation;
      try (var stage = Stage.open(workspace, world, settings)) {
        organisation = stage.organisation();
      }
      var population = new Population(world, settings.seed(), organisation);
      var all = Measured.NOTHING;
      for (int size : sizes) {
        long since = System.nanoTime();
        try (var record = LocalRecord.open(workspace, world)) {
          population.grow(record, size);
        }
        var filled = new Figure("token_at_" + size + "_filled_in", seconds(since), "s");
        all = all.and(at(workspace, organisation, population, size)).and(List.of(filled));
      }
      return all.concluded(Growth.verdict("grow-agents", "agents", "token", sizes, all));
    }
  }

  private Measured at(
      Workspace workspace, Organisation organisation, Population population, int size) {
    var name = "token_at_" + size;
    var requests = population.requests();
    long since = System.nanoTime();
    try (var stage = Stage.resume(workspace, organisation, settings)) {
      StartBench.token(stage.server().port(), requests.getFirst());
      double started = seconds(since) * 1e3;
      double idle = stage.server().residentMb();
      var once = settings.lasting(Duration.ZERO, ROUND_MAX);
      var round = stage.run(name, Kind.ONCE, TokenBench.EXPECTED, requests.iterator(), once);
      var again = stage.recorded(name, Kind.REPEAT, TokenBench.EXPECTED, requests.iterator());
      return again.and(
          List.of(
              new Figure(name + "_first_round", round.measured().value(name), "requests/s"),
              new Figure(name + "_distinct", requests.size(), "agents"),
              new Figure(name + "_first_token", started, "ms"),
              new Figure(name + "_resident_after_start", idle, "MB"),
              new Figure(name + "_stored", workspace.stored() / 1e6, "MB")));
    }
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }
}
