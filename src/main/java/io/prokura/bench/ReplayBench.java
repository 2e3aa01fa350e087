package io.prokura.bench;

import io.prokura.audit.Entries;
import io.prokura.audit.Persons;
import io.prokura.decision.Recollections;
import io.prokura.decision.Replay;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.World;
import io.prokura.policy.Policies;
import io.prokura.policy.PolicySnapshot;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// How many recorded decisions a minute one thread asks again of other policies, part after part as
/// the management API does it.
final class ReplayBench {
  private static final int DECISIONS = 60_000;
  private static final int POLICIES = 1_000;

  private final World world;
  private final Settings settings;

  ReplayBench(World world, Settings settings) {
    this.world = world;
    this.settings = settings;
  }

  /// What replaying came to.
  private record Tally(long unchanged, long unasked, long unknown, long flipped) {
    static final Tally NOTHING = new Tally(0, 0, 0, 0);

    Tally and(Replay.Part part) {
      return new Tally(
          unchanged + part.unchanged(),
          unasked + part.unasked(),
          unknown + part.unknown(),
          flipped + part.flips().size());
    }

    long all() {
      return unchanged + unasked + unknown + flipped;
    }
  }

  Measured measure() {
    try (var workspace = Workspace.open()) {
      List<String> tokens;
      Organisation organisation;
      try (var stage = Stage.open(workspace, world, settings)) {
        organisation = stage.organisation();
        DecidedOn.register(stage);
        tokens = stage.delegatedTokens();
      }
      var folder = OrganisationFolder.in(workspace);
      DecidedOn.write(folder);
      new PolicyMix(organisation.agents(), POLICIES, world).write(folder);
      try (var record = LocalRecord.open(workspace, world)) {
        var pdp = LocalPdp.of(record, Policies.of(folder), world).pdp();
        var enforcer = Id.Workload.parse(organisation.workload()).orElseThrow();
        var made = new DecidedOn(world, record);
        long flips = made.decide(pdp, enforcer, organisation, tokens, DECISIONS);
        return replay(workspace, record, draft(workspace, made.agent(0)), flips);
      }
    }
  }

  /// The policies and one more, which takes everything from an agent.
  private static PolicySnapshot draft(Workspace workspace, Id.Agent from) {
    var folder = OrganisationFolder.in(workspace);
    var policy =
        """
        @id("draft.stop")
        forbid (principal == Prokura::Agent::"%s", action, resource);
        """
            .formatted(from.text());
    try {
      Files.writeString(folder.resolve("draft.cedar"), policy);
    } catch (IOException e) {
      throw new BenchmarkFailure("cannot write policies", e);
    }
    return Policies.of(folder).current();
  }

  private Measured replay(
      Workspace workspace, LocalRecord record, PolicySnapshot draft, long flips) {
    var replay = replay(record);
    round(replay, draft, flips, settings.warmUp());
    var threads = ManagementFactory.getThreadMXBean();
    long cpu = threads.getCurrentThreadCpuTime();
    long start = System.nanoTime();
    var last = Tally.NOTHING;
    long decisions = 0;
    while (System.nanoTime() - start < settings.duration().toNanos()) {
      last = once(replay, draft, flips);
      decisions += last.all();
    }
    double minutes = (System.nanoTime() - start) / 60e9;
    double busy = (threads.getCurrentThreadCpuTime() - cpu) / 60e9;
    return Measured.of(
        new Figure("replay", decisions / minutes, "decisions/min"),
        List.of(
            new Figure("per_minute_of_processor_time", decisions / busy, "decisions/min"),
            new Figure("decisions", last.all(), "decisions"),
            new Figure("flipped", last.flipped(), "decisions"),
            new Figure("unchanged", last.unchanged(), "decisions"),
            new Figure("unasked", last.unasked(), "decisions"),
            new Figure("unknown", last.unknown(), "decisions"),
            new Figure("agents", DecidedOn.AGENTS, "agents"),
            new Figure("policies", draft.policies().policies().size(), "policies"),
            new Figure("stored", workspace.stored() / 1e6, "MB"),
            new Figure("threads", 1, "threads"),
            new Figure("duration", minutes * 60, "s")));
  }

  private Replay replay(LocalRecord record) {
    var json = new JsonReader(Limits.standard());
    var seal = record.master().seal(world, "record");
    var persons = new Persons(record.database(), world, seal, record.feed());
    var catalogue = LocalRegisters.on(record, world).catalogue();
    return new Replay(
        record.database(),
        new Entries(world, seal, json),
        () -> new Recollections(record.facts(), persons, catalogue, json));
  }

  private static void round(Replay replay, PolicySnapshot draft, long flips, Duration duration) {
    long start = System.nanoTime();
    do {
      once(replay, draft, flips);
    } while (System.nanoTime() - start < duration.toNanos());
  }

  /// Replays the whole record; fails when a decision is missing or flips other than it has to.
  private static Tally once(Replay replay, PolicySnapshot draft, long flips) {
    var tally = Tally.NOTHING;
    long after = 0;
    boolean more = true;
    while (more) {
      var part = replay.part(draft, after, Instant.MAX, Replay.PART_MAX);
      tally = tally.and(part);
      after = part.next();
      more = part.more();
    }
    if (tally.all() != DECISIONS || tally.unknown() != 0 || tally.flipped() != flips) {
      throw new BenchmarkFailure(
          "%s was found, where %d decisions were made and %d flip"
              .formatted(tally, DECISIONS, flips));
    }
    return tally;
  }
}
