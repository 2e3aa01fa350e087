package io.prokura.decision;

import java.util.List;

/// The outcome of one check on the way to a decision: what the next needs, or the denial.
sealed interface Step<T> {

  /// The check passed.
  record Passed<T>(T value) implements Step<T> {}

  /// The check failed; `policies` are those that did it, if any did.
  record Denied<T>(Reason reason, String detail, List<String> policies) implements Step<T> {}

  static <T> Step<T> passed(T value) {
    return new Passed<>(value);
  }

  static <T> Step<T> denied(Reason reason, String detail) {
    return new Denied<>(reason, detail, List.of());
  }

  static <T> Step<T> denied(Reason reason, String detail, List<String> policies) {
    return new Denied<>(reason, detail, policies);
  }

  /// This denial as the outcome of another check.
  default <U> Step<U> denial() {
    return switch (this) {
      case Passed<T> passed -> throw new IllegalStateException("not denied: " + passed);
      case Denied<T>(var reason, var detail, var policies) -> denied(reason, detail, policies);
    };
  }
}
