package io.prokura.catalogue;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// How much harm an action can do in the wrong hands.
public enum Sensitivity {
  LOW,
  MEDIUM,
  HIGH;

  /// The word in the API and to policies: `low`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Sensitivity> parse(String word) {
    return Arrays.stream(values()).filter(one -> one.word().equals(word)).findFirst();
  }
}
