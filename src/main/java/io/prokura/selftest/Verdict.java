package io.prokura.selftest;

/// What came of an attack.
sealed interface Verdict {
  /// It failed, with this answer.
  record Held(String answer) implements Verdict {}

  /// It got, or may have got, what it wanted.
  ///
  /// @param expected what a server that holds answers
  record Broken(String expected, String answer) implements Verdict {}

  /// Nobody knows.
  record Unclear(String why) implements Verdict {}
}
