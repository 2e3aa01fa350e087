package io.prokura.bench;

import io.prokura.bench.LoadPlan.Kind;
import io.prokura.decision.AccessRequest;
import io.prokura.decision.Decision;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.World;
import io.prokura.policy.Policies;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/// How many decisions a second there are, each about an agent that acts for a person with a token,
/// and each on record: asked over HTTP, and asked of the decision point itself.
final class DecideBench {
  private static final int QUESTIONS = 1_024;

  /// How many questions are asked together.
  private static final int TOGETHER = 50;

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
        overHttp = overHttp(stage, tokens).and(several(stage, tokens));
      }
      try (var record = LocalRecord.open(workspace, world)) {
        var policies = Policies.of(OrganisationFolder.in(workspace));
        var pdp = LocalPdp.of(record, policies, world).pdp();
        var enforcer = Id.Workload.parse(organisation.workload()).orElseThrow();
        return inProcess(
                "decide_in_process",
                record,
                question -> pdp.decide(enforcer, question),
                questions(organisation.agents(), tokens),
                settings)
            .and(overHttp);
      }
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

  /// Fifty questions in each request; the figure counts questions.
  private static Measured several(Stage stage, List<String> tokens) {
    var agents = stage.organisation().agents();
    var requests =
        IntStream.range(0, QUESTIONS)
            .mapToObj(
                i -> {
                  int agent = i % agents.size();
                  return Requests.evaluateSeveral(
                      stage.organisation().enforcer(),
                      agents.get(agent),
                      tokens.get(agent),
                      TOGETHER);
                });
    var measured =
        stage.recorded("decide_together", Kind.REPEAT, "\"decision\":true", requests.iterator());
    var rate = measured.figures().getFirst().value();
    return measured.and(
        List.of(new Figure("decide_together_questions", rate * TOGETHER, "decisions/s")));
  }

  /// A question and whether the answer has to be yes.
  record Question(AccessRequest asked, boolean allowed) {}

  /// Has `questions` decided again and again, as the figure `name`; fails when one of the answers
  /// is another than it has to be.
  static Measured inProcess(
      String name,
      LocalRecord record,
      Function<AccessRequest, Decision> decide,
      List<Question> questions,
      Settings settings) {
    long before = record.treeSize();
    var done =
        Crew.run(
            settings.connections(),
            settings,
            number -> {
              var question = questions.get(number % questions.size());
              var decision = decide.apply(question.asked());
              if (decision.allowed() != question.allowed()) {
                throw new BenchmarkFailure("wrongly decided: " + decision.detail());
              }
            });
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
        new Figure(name, done.latencies().count() / seconds, "decisions/s"), details);
  }

  private static List<Question> questions(List<Agent> agents, List<String> tokens) {
    return IntStream.range(0, QUESTIONS)
        .mapToObj(
            i -> {
              int agent = i % agents.size();
              var asked = asked(agents.get(agent), tokens.get(agent), "T-" + i, "open");
              return new Question(asked, true);
            })
        .toList();
  }

  /// May the agent's person, for whom it acts with `token`, read the ticket of that status?
  static AccessRequest asked(Agent agent, String token, String ticket, String status) {
    return new AccessRequest(
        new AccessRequest.Named("user", agent.person()),
        new AccessRequest.Asked(Requests.SCOPE),
        new AccessRequest.Named("Ticket", ticket, Json.object().put("status", status).build()),
        Json.object().build(),
        token);
  }
}
