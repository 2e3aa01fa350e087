package io.prokura.cedar;

/// What reading does with an attribute that the type does not declare.
public enum TypeUndeclared {
  /// Reading fails.
  REFUSE,
  /// The attribute is left out.
  DROP
}
