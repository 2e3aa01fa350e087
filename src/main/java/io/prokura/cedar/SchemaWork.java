package io.prokura.cedar;

/// Counts the work of making a schema. A short text can declare a schema that is far larger, for a
/// list of names shares all that is said of them.
final class SchemaWork {
  private static final long STEPS_MAX = 1_000_000;

  private long steps;

  /// Thrown when the work exceeds its limit.
  static final class TooMuch extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /// Counts the look at one name or type.
  void step() {
    if (++steps > STEPS_MAX) {
      throw new TooMuch();
    }
  }
}
