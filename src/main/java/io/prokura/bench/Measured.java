package io.prokura.bench;

import java.util.List;
import java.util.stream.Stream;

/// What a benchmark found: the figures it is named for, and the details that go with them.
record Measured(List<Figure> figures, List<Figure> details) {
  Measured {
    figures = List.copyOf(figures);
    details = List.copyOf(details);
  }

  /// One figure with its details, which take its name in front of theirs.
  static Measured of(Figure figure, List<Figure> details) {
    return new Measured(
        List.of(figure), details.stream().map(detail -> detail.of(figure.name())).toList());
  }

  Measured and(Measured more) {
    return new Measured(join(figures, more.figures), join(details, more.details));
  }

  Measured and(List<Figure> more) {
    return new Measured(figures, join(details, more));
  }

  /// Every line there is to print, figures first.
  List<Figure> lines() {
    return join(figures, details);
  }

  private static List<Figure> join(List<Figure> first, List<Figure> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }
}
