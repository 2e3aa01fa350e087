package io.prokura.agents;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// Where an agent runs.
public enum Environment {
  DEVELOPMENT,
  TEST,
  PRODUCTION;

  /// The word in the API, in columns and to policies: `production`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Environment> parse(String word) {
    return Arrays.stream(values()).filter(one -> one.word().equals(word)).findFirst();
  }
}
