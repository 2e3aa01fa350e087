package io.prokura.bench;

import static io.prokura.bench.Landscape.AGENTS;
import static io.prokura.bench.Landscape.READ;
import static io.prokura.bench.Landscape.RESOURCES;
import static io.prokura.bench.Landscape.WRITE;

import io.prokura.bench.Landscape.Place;
import io.prokura.decision.AccessRequest;
import io.prokura.delegation.Authority;
import io.prokura.delegation.Presenter;
import io.prokura.delegation.Wanted;
import io.prokura.jose.Confirmation;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Scopes;
import io.prokura.kernel.World;
import io.prokura.policy.Policies;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/// How many decisions a second one core makes of its own accord, from the checked token to the
/// decision with its obligations and remedies, without putting them on record: a question for every
/// agent of a [Landscape], in no order.
final class DecideUnrecordedBench {
  private static final String NAME = "decide_unrecorded";
  private static final int OBJECTS_EACH = Landscape.OBJECTS / RESOURCES;

  /// Asking for the time costs a part of a decision, so it is done for many at once, which are put
  /// together before. What they say is then as near to the processor as what has just been read.
  private static final int AT_ONCE = 64;

  /// So few agents that what is known of them stays in the caches of the processor.
  private static final int FEW = 500;

  private static final Duration SHORT = Duration.ofSeconds(2);

  private final World world;
  private final Settings settings;

  DecideUnrecordedBench(World world, Settings settings) {
    this.world = world;
    this.settings = settings;
  }

  /// Whose token no check of this benchmark reads.
  private static final String TOKEN = "token";

  private static final List<String> TYPES =
      IntStream.range(0, RESOURCES).mapToObj(Landscape::type).toList();
  private static final List<String> OBJECTS =
      IntStream.range(0, OBJECTS_EACH).mapToObj(LandscapePolicies::name).toList();

  /// What is asked, by whom, with what authority, and whether the answer has to be yes.
  private record Question(
      Id.Workload enforcer,
      Id.Principal subject,
      String action,
      String type,
      String object,
      Optional<Authority> authority,
      boolean allowed) {

    /// The question put together, as what came over the wire just now.
    Asked asked() {
      var request =
          new AccessRequest(
              new AccessRequest.Named(
                  subject instanceof Id.User ? "user" : "agent", subject.text()),
              action,
              new AccessRequest.Named(type, object),
              authority.isPresent() ? TOKEN : "");
      return new Asked(enforcer, request, authority, allowed);
    }
  }

  /// A question as the decision point gets it.
  private record Asked(
      Id.Workload enforcer,
      AccessRequest request,
      Optional<Authority> authority,
      boolean allowed) {}

  /// What a run counted: `nanos` and `processor` while questions were decided, `whole` from its
  /// beginning to its end.
  private record Tally(
      long decisions, long allowed, long obliged, long nanos, long processor, long whole) {
    double rate() {
      return decisions * 1e9 / nanos;
    }
  }

  Measured measure() {
    try (var workspace = Workspace.open();
        var record = LocalRecord.open(workspace, world)) {
      var landscape = new Landscape(world);
      var policies = Policies.of(new LandscapePolicies(landscape).write(workspace));
      var local = LocalPdp.of(record, policies, world);
      landscape.register(record, local);
      var questions = new ArrayList<Question>(AGENTS);
      IntStream.range(0, AGENTS)
          .forEach(number -> questions.add(question(landscape, local, new Place(number))));
      Collections.shuffle(questions, new Random(settings.seed()));
      // Each is asked once before, so that everything is in memory and compiled.
      var first = run(local, questions, 0, new Histogram());
      run(local, questions, settings.warmUp().toNanos(), new Histogram());
      var latencies = new Histogram();
      var tally = run(local, questions, settings.duration().toNanos(), latencies);
      var few = run(local, questions.subList(0, FEW), SHORT.toNanos(), new Histogram());
      var ofFew = new Figure(NAME + "_of_%d_agents".formatted(FEW), few.rate(), "decisions/s");
      var ofFirst = new Figure("first_round", first.whole() / 1e9, "s");
      return measured(tally, latencies, policies).and(List.of(ofFew, ofFirst));
    }
  }

  private Measured measured(Tally tally, Histogram latencies, Policies policies) {
    double seconds = tally.whole() / 1e9;
    var runtime = Runtime.getRuntime();
    var details =
        List.of(
            new Figure("mean", tally.nanos() / 1e3 / tally.decisions(), "us"),
            new Figure("with_asking", tally.decisions() * 1e9 / tally.whole(), "decisions/s"),
            new Figure(
                "by_processor_time", tally.decisions() * 1e9 / tally.processor(), "decisions/s"),
            new Figure("p50_of_means_of_64", latencies.quantile(0.5) / 1e3, "us"),
            new Figure("p99_of_means_of_64", latencies.quantile(0.99) / 1e3, "us"),
            new Figure("errors", 0, "decisions"),
            new Figure("verified", tally.decisions(), "decisions"),
            new Figure("allowed", 100.0 * tally.allowed() / tally.decisions(), "%"),
            new Figure("obliged", 100.0 * tally.obliged() / tally.decisions(), "%"),
            new Figure("policies", policies.current().policies().policies().size(), "policies"),
            new Figure("agents", AGENTS, "agents"),
            new Figure("heap", (runtime.totalMemory() - runtime.freeMemory()) / 1e6, "MB"),
            new Figure("duration", seconds, "s"));
    return Measured.of(new Figure(NAME, tally.rate(), "decisions/s"), details);
  }

  /// Has all questions answered at least once, and again and again for as long as that. They are
  /// put together in between, which does not count.
  private static Tally run(
      LocalPdp local, List<Question> questions, long nanos, Histogram latencies) {
    var threads = ManagementFactory.getThreadMXBean();
    long allowed = 0;
    long obliged = 0;
    long decisions = 0;
    long deciding = 0;
    long processor = 0;
    long start = System.nanoTime();
    var asked = new Asked[AT_ONCE];
    int next = 0;
    while (System.nanoTime() - start < nanos || decisions < questions.size()) {
      for (int i = 0; i < AT_ONCE; i++) {
        asked[i] = questions.get(next).asked();
        next = next + 1 < questions.size() ? next + 1 : 0;
      }
      long used = threads.getCurrentThreadCpuTime();
      long before = System.nanoTime();
      for (var one : asked) {
        var decision = local.pdp().foresee(one.enforcer(), one.request(), one.authority());
        if (decision.allowed() != one.allowed()) {
          throw new BenchmarkFailure("wrongly decided: " + decision.detail());
        }
        allowed += decision.allowed() ? 1 : 0;
        obliged += decision.obligations().isEmpty() ? 0 : 1;
      }
      long took = System.nanoTime() - before;
      processor += threads.getCurrentThreadCpuTime() - used;
      deciding += took;
      decisions += AT_ONCE;
      latencies.add(took / AT_ONCE);
    }
    return new Tally(decisions, allowed, obliged, deciding, processor, System.nanoTime() - start);
  }

  /// A fifth of the agents write, the others read. Of resources that are not agent-facing, some are
  /// asked about without a token: by agents, and by people of whom every other one has no
  /// permission there.
  private Question question(Landscape landscape, LocalPdp local, Place place) {
    int resource = place.resource();
    int turn = place.turn();
    int object = turn / 10 % OBJECTS_EACH;
    boolean open = !LandscapePolicies.HELD.contains(object);
    var enforcer = landscape.enforcer(resource);
    if (!Landscape.isAgentFacing(resource) && turn % 10 == 9) {
      boolean stranger = turn % 20 == 19;
      var person = landscape.person(place.number() + (stranger ? 1 : 0));
      return new Question(
          enforcer,
          person,
          READ,
          TYPES.get(resource),
          OBJECTS.get(object),
          Optional.empty(),
          open && !stranger);
    }
    boolean writes = turn % 5 == 0 || place.isReader();
    boolean forbidden =
        LandscapePolicies.NAMED.contains(turn)
            || (writes && (LandscapePolicies.isClosed(object) || place.isHighRisk()));
    boolean allowed = open && !forbidden && !place.isReader();
    boolean claimed = !Landscape.isAgentFacing(resource) && turn % 10 == 3;
    var authority =
        claimed ? Optional.<Authority>empty() : Optional.of(authority(landscape, local, place));
    Id.Principal agent = landscape.agent(place.number());
    return new Question(
        enforcer,
        place.isDelegated() ? landscape.person(place.number()) : agent,
        writes ? WRITE : READ,
        TYPES.get(resource),
        OBJECTS.get(object),
        authority,
        allowed);
  }

  /// What the token would say that the agent gets.
  private Authority authority(Landscape landscape, LocalPdp local, Place place) {
    var agent = landscape.agent(place.number());
    var presenter =
        new Presenter(
            agent,
            Id.Credential.random(world),
            Instant.MAX,
            local.registers().cutOffs().applied(),
            Confirmation.none());
    var wanted = new Wanted(Landscape.identifier(place.resource()), Scopes.NONE, "");
    var conferred =
        place.isDelegated()
            ? local
                .authorities()
                .use(
                    presenter,
                    local.delegations().find(landscape.delegation(place.number())).orElseThrow(),
                    wanted)
            : local.authorities().own(presenter, wanted);
    if (conferred instanceof Ok(var value)) {
      return value.authority();
    }
    throw new BenchmarkFailure("no authority: " + conferred);
  }
}
