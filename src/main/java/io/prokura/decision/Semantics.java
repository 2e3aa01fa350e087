package io.prokura.decision;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// How far questions that are asked together are answered (AuthZEN Authorization API 1.0 §7.1.2.1).
public enum Semantics {
  /// All of them.
  EXECUTE_ALL,
  /// Up to the first no, that one included.
  DENY_ON_FIRST_DENY,
  /// Up to the first yes, that one included.
  PERMIT_ON_FIRST_PERMIT;

  /// The word in a request: `execute_all`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Semantics> parse(String word) {
    return Arrays.stream(values()).filter(one -> one.word().equals(word)).findFirst();
  }

  /// Whether nothing is to be answered after this answer.
  boolean endsWith(boolean allowed) {
    return switch (this) {
      case EXECUTE_ALL -> false;
      case DENY_ON_FIRST_DENY -> !allowed;
      case PERMIT_ON_FIRST_PERMIT -> allowed;
    };
  }
}
