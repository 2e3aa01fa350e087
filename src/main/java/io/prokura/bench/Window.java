package io.prokura.bench;

import java.util.List;

/// What the load saw in one part of a sustained run; times in milliseconds.
record Window(double perSecond, double p50, double p99, double p999) {
  static final String WORD = "window ";

  static Window of(Histogram latencies, long nanos) {
    return new Window(
        latencies.count() * 1e9 / nanos,
        latencies.quantile(0.5) / 1e6,
        latencies.quantile(0.99) / 1e6,
        latencies.quantile(0.999) / 1e6);
  }

  /// The line in which the load process tells of it.
  String line() {
    return WORD + perSecond + " " + p50 + " " + p99 + " " + p999;
  }

  static Window parse(String line) {
    var values =
        List.of(line.substring(WORD.length()).split(" ", -1)).stream()
            .map(Double::parseDouble)
            .toList();
    return new Window(values.get(0), values.get(1), values.get(2), values.get(3));
  }
}
