package io.prokura.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What can be measured. Those named for growth or for being sustained take longer than a minute.
enum Benchmark {
  TOKEN,
  EXCHANGE,
  AUTHORIZE,
  SIGN_IN,
  INTROSPECT,
  APPEND,
  CEDAR,
  DECIDE,
  DECIDE_UNRECORDED,
  PUBLISH,
  REPLAY,
  OVERLOAD,
  START,
  GROW_AGENTS,
  GROW_ENTRIES,
  GROW_POLICIES,
  SUSTAINED;

  /// The name on the command line.
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Optional<Benchmark> named(String word) {
    return Arrays.stream(values()).filter(benchmark -> benchmark.word().equals(word)).findFirst();
  }

  static List<String> words() {
    return Arrays.stream(values()).map(Benchmark::word).toList();
  }
}
