package io.prokura.bench;

import java.util.List;
import java.util.Locale;

/// What a benchmark over several sizes comes to.
final class Growth {
  private Growth() {}

  /// Says how the figures `figure_at_…` of `all` compare at the ends of `sizes`, after everything
  /// in it was checked.
  static String verdict(
      String name, String things, String figure, List<Integer> sizes, Measured all) {
    int least = sizes.getFirst();
    int most = sizes.getLast();
    double before = all.value(figure + "_at_" + least);
    double after = all.value(figure + "_at_" + most);
    return String.format(
        Locale.ROOT,
        "%s: every answer as expected; %s at %,d %s has %.0f %% of its rate at %,d",
        name,
        figure,
        most,
        things,
        100 * after / before,
        least);
  }
}
