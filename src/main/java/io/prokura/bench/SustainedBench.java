package io.prokura.bench;

import io.prokura.bench.LoadPlan.Kind;
import io.prokura.kernel.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Whether the rate of tokens by client secret and the memory of the server stay what they are for
/// as long as the load lasts.
final class SustainedBench {
  /// How far from the median of all windows the rate of any window may be in a run that is flat.
  private static final double RATE_SPREAD = 0.15;

  /// The same for the memory that is resident.
  private static final double RESIDENT_SPREAD = 0.10;

  private static final long BYTES_EACH = 2_200;
  private static final long PER_SECOND_MAX = 20_000;

  private final World world;
  private final Settings settings;

  SustainedBench(World world, Settings settings) {
    this.world = world;
    this.settings = settings.lasting(settings.window(), settings.sustained());
  }

  Measured measure() {
    try (var workspace = Workspace.open()) {
      workspace.require(settings.sustained().toSeconds() * PER_SECOND_MAX * BYTES_EACH);
      try (var stage = Stage.open(workspace, world, settings)) {
        var requests = stage.organisation().agents().stream().map(Requests::withSecret).iterator();
        var run = stage.run("sustained", Kind.SUSTAINED, TokenBench.EXPECTED, requests, settings);
        return run.measured()
            .and(figures(run.windows()))
            .concluded(verdict(run.windows(), run.measured()));
      }
    }
  }

  private List<Figure> figures(List<Stage.Seen> windows) {
    var figures = new ArrayList<Figure>();
    for (int i = 0; i < windows.size(); i++) {
      var window = windows.get(i).window();
      var at = "_at_" + (i + 1) * settings.window().toSeconds();
      figures.add(new Figure("sustained_rate" + at, window.perSecond(), "requests/s"));
      figures.add(new Figure("sustained_p50" + at, window.p50(), "ms"));
      figures.add(new Figure("sustained_p99" + at, window.p99(), "ms"));
      figures.add(new Figure("sustained_p999" + at, window.p999(), "ms"));
      figures.add(new Figure("sustained_resident" + at, windows.get(i).residentMb(), "MB"));
    }
    return figures;
  }

  private String verdict(List<Stage.Seen> windows, Measured measured) {
    var rates = windows.stream().map(seen -> seen.window().perSecond()).sorted().toList();
    var residents = windows.stream().map(Stage.Seen::residentMb).sorted().toList();
    boolean flat = spread(rates) <= RATE_SPREAD && spread(residents) <= RESIDENT_SPREAD;
    return String.format(
        Locale.ROOT,
        "sustained: %s over %d windows of %d s, rate within %.1f %% (bound %.0f %%) of the median"
            + " %.0f/s, resident within %.1f %% (bound %.0f %%) of the median %.0f MB, p99.9 %.1f"
            + " ms",
        flat ? "flat" : "not flat",
        windows.size(),
        settings.window().toSeconds(),
        100 * spread(rates),
        100 * RATE_SPREAD,
        median(rates),
        100 * spread(residents),
        100 * RESIDENT_SPREAD,
        median(residents),
        measured.detail("sustained_p999"));
  }

  private static double median(List<Double> sorted) {
    return sorted.get(sorted.size() / 2);
  }

  /// How far the least or the greatest is from the median, as a share of it.
  private static double spread(List<Double> sorted) {
    double median = median(sorted);
    return median == 0
        ? 0
        : Math.max(median - sorted.getFirst(), sorted.getLast() - median) / median;
  }
}
