package io.prokura.agents;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// How much harm an agent can do when it goes wrong, as whoever registered it judges.
public enum Risk {
  LOW,
  MEDIUM,
  HIGH;

  /// The word in the API, in columns and to policies: `high`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Risk> parse(String word) {
    return Arrays.stream(values()).filter(one -> one.word().equals(word)).findFirst();
  }
}
