package io.prokura.bench;

import io.prokura.bench.LoadPlan.Kind;
import io.prokura.kernel.World;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// How many people a second an application brings through the code flow to a token, and how many
/// tokens a second applications refresh through which agents act for people.
final class AuthorizeBench {
  private static final String ACTING = "\"token_type\":\"Bearer\"";

  private final World world;
  private final Settings settings;

  AuthorizeBench(World world, Settings settings) {
    this.world = world;
    this.settings = settings;
  }

  Measured measure() {
    try (var workspace = Workspace.open();
        var stage = Stage.open(workspace, world, settings)) {
      var application = Application.register(stage.api());
      var people = stage.people(world);
      var flow =
          stage.recorded("code_flow", Kind.FLOW, TokenBench.EXPECTED, flows(application, people));
      var refresh =
          stage.recorded("refresh_act", Kind.REPEAT, ACTING, refreshes(stage, application, people));
      return flow.and(refresh);
    }
  }

  private static Iterator<byte[]> flows(Application application, List<Person> people) {
    var pairs = new ArrayList<byte[]>();
    for (var person : people) {
      pairs.add(Requests.open(application.authorize(), person.browser().cookie()));
      pairs.add(Requests.redeem(application));
    }
    return pairs.iterator();
  }

  /// Every agent acts for the person it has a delegation from.
  private static Iterator<byte[]> refreshes(
      Stage stage, Application application, List<Person> people) {
    var requests = new ArrayList<byte[]>();
    for (var agent : stage.organisation().agents()) {
      var person =
          people.stream().filter(one -> one.id().equals(agent.person())).findFirst().orElseThrow();
      var own = stage.api().token(agent, Requests.ownToken());
      var refreshed = application.refreshedFor(stage.api(), person, agent, own);
      requests.add(Requests.refresh(application, refreshed));
    }
    return requests.iterator();
  }
}
