package io.prokura.cedar;

/// What a policy comes to for every request that a partial one stands for.
public enum Prospect {
  /// It is satisfied, whatever is not known.
  HOLDS,
  /// It is not satisfied, whatever is not known.
  DOES_NOT_HOLD,
  /// Whether it is satisfied depends on what is not known.
  OPEN,
  /// It depends on what is not known whether it is satisfied, or cannot be evaluated.
  RISKY,
  /// It cannot be evaluated, whatever is not known.
  FAILS
}
