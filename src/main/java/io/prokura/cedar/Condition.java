package io.prokura.cedar;

/// A `when` or an `unless` clause.
public record Condition(Kind kind, Expr body) {

  /// What the body has to evaluate to: true after `when`, false after `unless`.
  public enum Kind {
    WHEN,
    UNLESS
  }
}
