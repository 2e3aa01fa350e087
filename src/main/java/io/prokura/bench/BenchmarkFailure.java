package io.prokura.bench;

import java.io.Serial;

/// A benchmark that gives no figure, with the reason in a text for people.
final class BenchmarkFailure extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  BenchmarkFailure(String message) {
    super(message);
  }

  BenchmarkFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
