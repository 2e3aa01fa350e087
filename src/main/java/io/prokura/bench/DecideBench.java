package io.prokura.bench;

import io.prokura.bench.LoadPlan.Kind;
import io.prokura.decision.AccessRequest;
import io.prokura.decision.Pdp;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.World;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// How many decisions a second there are, each about an agent that acts for a person with a token,
/// and each on record: asked over HTTP, and asked of the decision point itself.
final class DecideBench {
  private static final int QUESTIONS = 1_024;

  private final World world;
  private final Settings settings;

  DecideBench(World world, Settings settings) {
    this.world = world;
    this.settings = settings;
  }

  Measured measure() {
    try (var workspace = Workspace.open()) {
      List<String> tokens;
      Organisation organisation;
      Measured overHttp;
      try (var stage = Stage.open(workspace, world, settings)) {
        organisation = stage.organisation();
        tokens = stage.delegatedTokens();
        overHttp = overHttp(stage, tokens);
      }
      return inProcess(workspace, organisation, tokens).and(overHttp);
    }
  }

  private static Measured overHttp(Stage stage, List<String> tokens) {
    var agents = stage.organisation().agents();
    var requests =
        IntStream.range(0, QUESTIONS)
            .mapToObj(
                i -> {
                  int agent = i % agents.size();
                  var question = Requests.question(agents.get(agent), tokens.get(agent), i);
                  return Requests.evaluate(stage.organisation().enforcer(), question);
                });
    return stage.recorded("decide_http", Kind.REPEAT, "\"decision\":true", requests.iterator());
  }

  private Measured inProcess(Workspace workspace, Organisation organisation, List<String> tokens) {
    try (var record = LocalRecord.open(workspace, world)) {
      var pdp = LocalPdp.of(record, workspace, world);
      var enforcer = Id.Workload.parse(organisation.workload()).orElseThrow();
      var questions = questions(organisation.agents(), tokens);
      long before = record.treeSize();
      var done =
          Crew.run(
              settings.connections(),
              settings,
              number -> decide(pdp, enforcer, questions.get(number % questions.size())));
      double behind = record.await(before + done.all());
      double seconds = settings.duration().toNanos() / 1e9;
      var details = new ArrayList<>(done.latencies().figures());
      details.add(new Figure("errors", 0, "decisions"));
      details.add(new Figure("verified", done.all(), "decisions"));
      details.add(new Figure("recorded", record.treeSize() - before, "entries_in_the_signed_tree"));
      details.add(new Figure("sequenced_after", behind, "ms"));
      details.add(new Figure("threads", settings.connections(), "threads"));
      details.add(new Figure("duration", seconds, "s"));
      return Measured.of(
          new Figure("decide_in_process", done.latencies().count() / seconds, "decisions/s"),
          details);
    }
  }

  private static void decide(Pdp pdp, Id.Workload enforcer, AccessRequest question) {
    var decision = pdp.decide(enforcer, question);
    if (!decision.allowed()) {
      throw new BenchmarkFailure("denied: " + decision.detail());
    }
  }

  private static List<AccessRequest> questions(List<Agent> agents, List<String> tokens) {
    return IntStream.range(0, QUESTIONS)
        .mapToObj(
            i -> {
              int agent = i % agents.size();
              return new AccessRequest(
                  new AccessRequest.Named("user", agents.get(agent).person()),
                  new AccessRequest.Asked(Requests.SCOPE),
                  new AccessRequest.Named(
                      "Ticket", "T-" + i, Json.object().put("status", "open").build()),
                  Json.object().build(),
                  tokens.get(agent));
            })
        .toList();
  }
}
