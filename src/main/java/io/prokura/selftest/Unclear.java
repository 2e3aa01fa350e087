package io.prokura.selftest;

/// Ends an attack without a verdict: something that is no part of the attack went wrong, so that
/// the answer would show nothing.
sealed class Unclear extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Unclear(String why) {
    super(why);
  }

  /// No answer came.
  static final class NoAnswer extends Unclear {
    private static final long serialVersionUID = 1L;

    NoAnswer(String why) {
      super(why);
    }
  }

  String why() {
    return String.valueOf(getMessage());
  }
}
