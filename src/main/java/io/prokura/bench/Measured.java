package io.prokura.bench;

import java.util.List;
import java.util.stream.Stream;

/// What a benchmark found: the figures it is named for, the details that go with them, and what a
/// long run comes to in a sentence.
record Measured(List<Figure> figures, List<Figure> details, List<String> verdicts) {
  static final Measured NOTHING = new Measured(List.of(), List.of(), List.of());

  Measured {
    figures = List.copyOf(figures);
    details = List.copyOf(details);
    verdicts = List.copyOf(verdicts);
  }

  /// One figure with its details, which take its name in front of theirs.
  static Measured of(Figure figure, List<Figure> details) {
    return new Measured(
        List.of(figure),
        details.stream().map(detail -> detail.of(figure.name())).toList(),
        List.of());
  }

  /// Several figures, without details.
  static Measured of(List<Figure> figures) {
    return new Measured(figures, List.of(), List.of());
  }

  Measured and(Measured more) {
    return new Measured(
        join(figures, more.figures), join(details, more.details), join(verdicts, more.verdicts));
  }

  Measured and(List<Figure> more) {
    return new Measured(figures, join(details, more), verdicts);
  }

  Measured concluded(String verdict) {
    return new Measured(figures, details, join(verdicts, List.of(verdict)));
  }

  /// The value of the figure of this name.
  double value(String name) {
    return value(figures, name);
  }

  double detail(String name) {
    return value(details, name);
  }

  private static double value(List<Figure> all, String name) {
    return all.stream()
        .filter(figure -> figure.name().equals(name))
        .mapToDouble(Figure::value)
        .findFirst()
        .orElseThrow();
  }

  /// Every line there is to print: figures first, a verdict last.
  List<String> lines() {
    return join(
        Stream.concat(figures.stream(), details.stream()).map(Figure::toString).toList(), verdicts);
  }

  private static <T> List<T> join(List<T> first, List<T> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }
}
