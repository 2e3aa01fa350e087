package io.prokura.catalogue;

import java.util.Arrays;
import java.util.Optional;

/// When a permission of an agent or workload counts.
public enum PermissionMode {
  /// Only with somebody in the chain for whom its holder acts.
  ON_BEHALF("onBehalf"),
  /// Always, also when its holder acts for nobody but itself.
  OWN("own");

  private final String word;

  PermissionMode(String word) {
    this.word = word;
  }

  /// The word in the API and in the record.
  public String word() {
    return word;
  }

  public static Optional<PermissionMode> parse(String word) {
    return Arrays.stream(values()).filter(one -> one.word.equals(word)).findFirst();
  }
}
