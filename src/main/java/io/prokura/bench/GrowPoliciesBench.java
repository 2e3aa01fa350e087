package io.prokura.bench;

import io.prokura.kernel.Id;
import io.prokura.kernel.World;
import io.prokura.policy.Policies;
import java.util.List;

/// How the rate of decisions depends on how many policies the organisation has.
final class GrowPoliciesBench {
  private static final List<Integer> SIZES = List.of(10, 100, 1_000, 10_000);

  private final World world;
  private final Settings settings;

  GrowPoliciesBench(World world, Settings settings) {
    this.world = world;
    this.settings = settings;
  }

  Measured measure() {
    var sizes = settings.sizesOr(SIZES);
    try (var workspace = Workspace.open()) {
      Organisation organisation;
      try (var stage = Stage.open(workspace, world, settings)) {
        organisation = stage.organisation();
      }
      // This process compiles the decision point first, so the first size would come off worse.
      at(workspace, organisation, sizes.getFirst());
      var all = Measured.NOTHING;
      for (int size : sizes) {
        all = all.and(at(workspace, organisation, size));
      }
      return all.concluded(
          Growth.verdict("grow-policies", "policies", "decide_in_process", sizes, all));
    }
  }

  private Measured at(Workspace workspace, Organisation organisation, int size) {
    var name = "decide_in_process_at_" + size;
    var mix = new PolicyMix(organisation.agents(), size, world);
    mix.write(OrganisationFolder.in(workspace));
    // A token lasts for five minutes, so every size gets its own.
    List<String> tokens;
    double started;
    double resident;
    long since = System.nanoTime();
    try (var stage = Stage.resume(workspace, organisation, settings)) {
      started = (System.nanoTime() - since) / 1e6;
      tokens = stage.delegatedTokens();
      resident = stage.server().residentMb();
    }
    since = System.nanoTime();
    var policies = Policies.of(OrganisationFolder.in(workspace));
    double read = (System.nanoTime() - since) / 1e6;
    var questions = mix.questions(tokens);
    try (var record = LocalRecord.open(workspace, world)) {
      var pdp = LocalPdp.of(record, policies, world).pdp();
      var enforcer = Id.Workload.parse(organisation.workload()).orElseThrow();
      long denied = questions.stream().filter(question -> !question.allowed()).count();
      return DecideBench.inProcess(
              name, record, question -> pdp.decide(enforcer, question), questions, settings)
          .and(
              List.of(
                  new Figure(name + "_denied", 100.0 * denied / questions.size(), "%"),
                  new Figure(name + "_read", read, "ms"),
                  new Figure(name + "_server_start", started, "ms"),
                  new Figure(name + "_server_resident", resident, "MB")));
    }
  }
}
