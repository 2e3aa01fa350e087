package io.prokura.authzen;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// When the answers to several questions end (AuthZEN Authorization API 1.0 §7.1.2.1).
enum Semantics {
  /// Every question is answered.
  EXECUTE_ALL,
  /// The first deny or failure is the last answer.
  DENY_ON_FIRST_DENY,
  /// The first permit is the last answer.
  PERMIT_ON_FIRST_PERMIT;

  static Optional<Semantics> parse(String word) {
    return Arrays.stream(values()).filter(one -> one.word().equals(word)).findFirst();
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  boolean endsAfter(boolean allowed) {
    return switch (this) {
      case EXECUTE_ALL -> false;
      case DENY_ON_FIRST_DENY -> !allowed;
      case PERMIT_ON_FIRST_PERMIT -> allowed;
    };
  }
}
