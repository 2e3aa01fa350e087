package io.prokura.bench;

import io.prokura.cedar.Authorizer;
import io.prokura.cedar.PolicySet;
import io.prokura.cedar.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// How many requests a second one core decides by policies alone.
final class CedarBench {
  private static final int COMPARED = 300;
  private static final int AT_ONCE = 256;
  private static final Duration SHORT = Duration.ofSeconds(1);

  private final Settings settings;

  CedarBench(Settings settings) {
    this.settings = settings;
  }

  /// What a run counted.
  private record Tally(long decisions, long allowed, long nanos) {}

  Measured measure() {
    long seed = settings.seed();
    return measure("cedar_scoped", CedarWorkload.scoped(seed))
        .and(measure("cedar_unscoped", CedarWorkload.unscoped(seed, 100)))
        .and(measure("cedar_unscoped_1000", CedarWorkload.unscoped(seed, 1_000)))
        .and(growth(seed));
  }

  /// How the time of a decision grows with the number of policies: where an index can tell them
  /// apart, and where every one has to be looked at. Shortly measured.
  private static List<Figure> growth(long seed) {
    var figures = new ArrayList<Figure>();
    for (int policies : new int[] {10, 100, 1_000, 10_000}) {
      figures.add(shortly("cedar_unscoped_of", policies, CedarWorkload.unscoped(seed, policies)));
    }
    for (int policies : new int[] {10, 100, 1_000}) {
      figures.add(shortly("cedar_ranges_of", policies, CedarWorkload.ranges(seed, policies)));
    }
    return figures;
  }

  private static Figure shortly(String name, int policies, CedarWorkload workload) {
    run(workload, SHORT, new Histogram());
    var latencies = new Histogram();
    run(workload, SHORT, latencies);
    double usual = latencies.quantile(0.5) / 1e3;
    return new Figure(name + "_" + policies + "_p50_of_means_of_256", usual, "us");
  }

  private Measured measure(String name, CedarWorkload workload) {
    int compared = compare(workload);
    run(workload, settings.warmUp(), new Histogram());
    var latencies = new Histogram();
    var tally = run(workload, settings.duration(), latencies);
    double seconds = tally.nanos() / 1e9;
    var details =
        List.of(
            new Figure("mean", tally.nanos() / 1e3 / tally.decisions(), "us"),
            new Figure("p50_of_means_of_256", latencies.quantile(0.5) / 1e3, "us"),
            new Figure("p99_of_means_of_256", latencies.quantile(0.99) / 1e3, "us"),
            new Figure("errors", 0, "policies"),
            new Figure("allowed", 100.0 * tally.allowed() / tally.decisions(), "%"),
            new Figure("verified", compared, "decisions_policy_by_policy"),
            new Figure("policies", workload.policies().policies().size(), "policies"),
            new Figure("duration", seconds, "s"),
            new Figure("seed", settings.seed(), "seed"));
    return Measured.of(new Figure(name, tally.decisions() / seconds, "decisions/s"), details);
  }

  /// Asking for the time costs about as much as a decision, so it is done for many at once.
  private static Tally run(CedarWorkload workload, Duration duration, Histogram latencies) {
    var requests = workload.requests();
    var sets = List.of(workload.policies());
    long allowed = 0;
    long decisions = 0;
    long start = System.nanoTime();
    long before = start;
    int next = 0;
    while (before - start < duration.toNanos()) {
      for (int i = 0; i < AT_ONCE; i++) {
        var response = Authorizer.authorize(requests.get(next), workload.entities(), sets);
        if (!response.errors().isEmpty()) {
          throw new BenchmarkFailure("a policy failed: " + response.errorIds());
        }
        if (response.allowed()) {
          allowed++;
        }
        next = next + 1 < requests.size() ? next + 1 : 0;
      }
      decisions += AT_ONCE;
      long now = System.nanoTime();
      latencies.add((now - before) / AT_ONCE);
      before = now;
    }
    return new Tally(decisions, allowed, before - start);
  }

  /// Decides some requests by each policy by itself as well, which no index has a part in, and
  /// fails when the answers differ.
  private static int compare(CedarWorkload workload) {
    var alone = workload.policies().policies().values().stream().map(List::of).map(PolicySet::of);
    var sets = alone.toList();
    int step = workload.requests().size() / COMPARED;
    for (int i = 0; i < COMPARED; i++) {
      var request = workload.requests().get(i * step);
      var response = Authorizer.authorize(request, workload.entities(), workload.policies());
      if (!Set.copyOf(response.determiningIds()).equals(determining(request, workload, sets))) {
        throw new BenchmarkFailure("the index changes the answer to " + request);
      }
    }
    return COMPARED;
  }

  private static Set<String> determining(
      Request request, CedarWorkload workload, List<PolicySet> sets) {
    var permits = new HashSet<String>();
    var forbids = new HashSet<String>();
    for (var set : sets) {
      var response = Authorizer.authorize(request, workload.entities(), set);
      (response.allowed() ? permits : forbids).addAll(response.determiningIds());
    }
    return forbids.isEmpty() ? permits : forbids;
  }
}
