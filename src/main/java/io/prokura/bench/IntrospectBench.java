package io.prokura.bench;

import io.prokura.bench.LoadPlan.Kind;
import io.prokura.kernel.World;
import java.util.ArrayList;

/// How many tokens a second the enforcer of a resource can introspect, half of them agents' own,
/// half delegated.
final class IntrospectBench {
  private final World world;
  private final Settings settings;

  IntrospectBench(World world, Settings settings) {
    this.world = world;
    this.settings = settings;
  }

  Measured measure() {
    try (var workspace = Workspace.open();
        var stage = Stage.open(workspace, world, settings)) {
      var organisation = stage.organisation();
      var tokens = new ArrayList<>(stage.delegatedTokens());
      organisation
          .agents()
          .forEach(agent -> tokens.add(stage.api().token(agent, Requests.ownToken())));
      return stage.unrecorded(
          "introspect",
          Kind.REPEAT,
          "\"active\":true",
          tokens.stream()
              .map(token -> Requests.introspect(organisation.enforcer(), token))
              .iterator());
    }
  }
}
