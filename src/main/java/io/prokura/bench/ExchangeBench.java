package io.prokura.bench;

import io.prokura.bench.LoadPlan.Kind;
import io.prokura.kernel.World;
import java.util.ArrayList;
import java.util.Iterator;

/// How many delegated tokens a second agents get from a standing delegation, and from work that
/// another agent has handed over.
final class ExchangeBench {
  private final World world;
  private final Settings settings;

  ExchangeBench(World world, Settings settings) {
    this.world = world;
    this.settings = settings;
  }

  Measured measure() {
    try (var workspace = Workspace.open();
        var stage = Stage.open(workspace, world, settings)) {
      var delegation =
          stage.recorded(
              "exchange_delegation",
              Kind.REPEAT,
              TokenBench.EXPECTED,
              stage.organisation().agents().stream().map(Requests::useDelegation).iterator());
      var handOver =
          stage.recorded("exchange_hand_over", Kind.TAKE, TokenBench.EXPECTED, pairs(stage));
      return delegation.and(handOver);
    }
  }

  /// Every agent hands work to the next one.
  private static Iterator<byte[]> pairs(Stage stage) {
    var agents = stage.organisation().agents();
    var tokens = stage.delegatedTokens();
    var pairs = new ArrayList<byte[]>();
    for (int i = 0; i < agents.size(); i++) {
      var delegate = agents.get((i + 1) % agents.size());
      pairs.add(Requests.handOver(agents.get(i), tokens.get(i), delegate));
      pairs.add(Requests.takeOver(delegate));
    }
    return pairs.iterator();
  }
}
