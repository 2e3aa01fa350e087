package io.prokura.kernel;

import java.util.function.Function;

/// The outcome of something a caller may not get: a value, or the reason why not. Outages and bugs
/// are exceptions and never a `Result`.
public sealed interface Result<T> {

  /// The value that was asked for.
  record Ok<T>(T value) implements Result<T> {}

  /// A request that was understood as far as needed and turned down. `detail` is safe to show to
  /// the caller.
  record Refused<T>(Refusal reason, String detail) implements Result<T> {}

  static <T> Result<T> ok(T value) {
    return new Ok<>(value);
  }

  static <T> Result<T> refused(Refusal reason, String detail) {
    return new Refused<>(reason, detail);
  }

  default <U> Result<U> map(Function<? super T, ? extends U> change) {
    return switch (this) {
      case Ok<T>(var value) -> ok(change.apply(value));
      case Refused<T> refused -> refused.refusal();
    };
  }

  /// This refusal as the result of something else, for the guard
  /// `if (!(result instanceof Ok(var value))) return result.refusal();`.
  default <U> Result<U> refusal() {
    return switch (this) {
      case Ok<T> ok -> throw new IllegalStateException("not refused: " + ok);
      case Refused<T>(var reason, var detail) -> refused(reason, detail);
    };
  }
}
