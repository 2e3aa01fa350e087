package io.prokura.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What can be measured.
enum Benchmark {
  TOKEN,
  EXCHANGE,
  INTROSPECT,
  APPEND,
  CEDAR,
  DECIDE,
  OVERLOAD,
  START;

  /// The name on the command line.
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Benchmark> named(String word) {
    return Arrays.stream(values()).filter(benchmark -> benchmark.word().equals(word)).findFirst();
  }

  static List<String> words() {
    return Arrays.stream(values()).map(Benchmark::word).toList();
  }
}
