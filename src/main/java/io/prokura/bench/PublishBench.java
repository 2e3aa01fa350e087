package io.prokura.bench;

import io.prokura.decision.ManagementEntities;
import io.prokura.decision.Pdp;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.World;
import io.prokura.policy.CandidateCheck;
import io.prokura.policy.ManagementFloor;
import io.prokura.policy.Policies;
import io.prokura.policy.PolicyDrafts;
import io.prokura.policy.PolicySetName;
import io.prokura.policy.PublishedSet;
import io.prokura.policy.PublishedSets;
import io.prokura.policy.Publishing;
import io.prokura.policy.SourceFile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// How long it takes to publish 10,000 policies, and what decisions notice of it: their rate while
/// nothing is published, and while one publication follows the other.
final class PublishBench {
  private static final int POLICIES = 10_000;

  private final World world;
  private final Settings settings;

  PublishBench(World world, Settings settings) {
    this.world = world;
    this.settings = settings;
  }

  /// What publishes, on the database that a server has left behind.
  private record Desk(
      LocalRecord record, PublishedSets sets, PolicyDrafts drafts, Publishing publishing) {

    static Desk of(LocalRecord record, World world) {
      var database = record.database();
      var feed = record.feed();
      var sets =
          new PublishedSets(
              new PublishedSet(database, feed, PolicySetName.ORGANISATION),
              new PublishedSet(database, feed, PolicySetName.MANAGEMENT));
      var registers = LocalRegisters.on(record, world);
      var entities =
          new ManagementEntities(
              registers.directory(),
              registers.agents(),
              registers.catalogue(),
              registers.credentials());
      var floor =
          new ManagementFloor(
              database, registers.directory(), entities, (_, _, _) -> List.<Id.Agent>of());
      var publishing =
          new Publishing(
              world, feed, record.log(), sets, floor, Publishing.Review.NONE, CandidateCheck.NONE);
      return new Desk(record, sets, new PolicyDrafts(world, record.log()), publishing);
    }

    /// Publishes the files and returns how long it took, in milliseconds.
    double publish(Id.User by, List<SourceFile> files) {
      var set = PolicySetName.ORGANISATION;
      long base = sets.of(set).current().number();
      var draft =
          done(record.database().inTransaction(tx -> drafts.begin(tx, by, set, base, "", files)));
      long since = System.nanoTime();
      var candidate = done(publishing.candidate(draft));
      done(record.database().inTransaction(tx -> publishing.publish(tx, by, candidate, "")));
      double took = (System.nanoTime() - since) / 1e6;
      if (sets.of(set).current().number() != base + 1) {
        throw new BenchmarkFailure("what was published is not live");
      }
      return took;
    }

    private static <T> T done(Result<T> result) {
      if (result instanceof Result.Ok<T>(var value)) {
        return value;
      }
      throw new BenchmarkFailure("not published: " + result);
    }
  }

  Measured measure() {
    try (var workspace = Workspace.open()) {
      Organisation organisation;
      List<String> tokens;
      try (var stage = Stage.open(workspace, world, settings)) {
        organisation = stage.organisation();
        tokens = stage.delegatedTokens();
      }
      var mix = new PolicyMix(organisation.agents(), POLICIES, world);
      mix.write(OrganisationFolder.in(workspace));
      var findings = new ArrayList<String>();
      var files = SourceFile.in(OrganisationFolder.in(workspace), findings);
      try (var record = LocalRecord.open(workspace, world)) {
        var desk = Desk.of(record, world);
        var by = Id.User.random(world);
        double first = desk.publish(by, variant(files, 0));
        var pdp = LocalPdp.of(record, Policies.of(desk.sets.organisation()), world).pdp();
        var enforcer = Id.Workload.parse(organisation.workload()).orElseThrow();
        var questions = mix.questions(tokens);
        var before = decisions("publish_before", record, pdp, enforcer, questions);
        var times = Collections.synchronizedList(new ArrayList<Double>());
        var over = new AtomicBoolean();
        var publisher =
            Thread.ofPlatform()
                .start(
                    () -> {
                      for (int i = 1; !over.get(); i++) {
                        times.add(desk.publish(by, variant(files, i)));
                      }
                    });
        Measured meanwhile;
        try {
          meanwhile = decisions("publish_meanwhile", record, pdp, enforcer, questions);
        } finally {
          over.set(true);
          join(publisher);
        }
        return Measured.of(figures(first, times)).and(meanwhile).and(before);
      }
    }
  }

  private static List<Figure> figures(double first, List<Double> times) {
    if (times.isEmpty()) {
      throw new BenchmarkFailure("nothing was published meanwhile");
    }
    var sorted = times.stream().sorted().toList();
    return List.of(
        new Figure("publish_first", first, "ms"),
        new Figure("publish_median", sorted.get(sorted.size() / 2), "ms"),
        new Figure("publish_longest", sorted.getLast(), "ms"),
        new Figure("publish_count", times.size(), "publications"));
  }

  /// The files with something in them that was not there before, so that nothing is known already.
  private static List<SourceFile> variant(List<SourceFile> files, int number) {
    return files.stream()
        .map(file -> file.isPolicies() ? with(file, "// variant " + number + "\n") : file)
        .toList();
  }

  private static SourceFile with(SourceFile file, String line) {
    return new SourceFile(file.name(), line + file.text());
  }

  private Measured decisions(
      String name,
      LocalRecord record,
      Pdp pdp,
      Id.Workload enforcer,
      List<DecideBench.Question> questions) {
    return DecideBench.inProcess(
        name, record, question -> pdp.decide(enforcer, question), questions, settings);
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
