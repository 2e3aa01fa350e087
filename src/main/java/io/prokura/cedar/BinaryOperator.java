package io.prokura.cedar;

/// An operator with two operands that are both evaluated. `&&` and `||` are not among them.
public enum BinaryOperator {
  EQUAL("=="),
  NOT_EQUAL("!="),
  LESS("<"),
  LESS_EQUAL("<="),
  GREATER(">"),
  GREATER_EQUAL(">="),
  IN("in"),
  ADD("+"),
  SUBTRACT("-"),
  MULTIPLY("*"),
  CONTAINS("contains"),
  CONTAINS_ALL("containsAll"),
  CONTAINS_ANY("containsAny"),
  GET_TAG("getTag"),
  HAS_TAG("hasTag");

  private final String text;

  BinaryOperator(String text) {
    this.text = text;
  }

  /// The operator or method name as it is written in a policy.
  public String text() {
    return text;
  }

  /// Whether it is written as a method: `left.contains(right)`.
  public boolean isMethod() {
    return switch (this) {
      case CONTAINS, CONTAINS_ALL, CONTAINS_ANY, GET_TAG, HAS_TAG -> true;
      case EQUAL,
          NOT_EQUAL,
          LESS,
          LESS_EQUAL,
          GREATER,
          GREATER_EQUAL,
          IN,
          ADD,
          SUBTRACT,
          MULTIPLY ->
          false;
    };
  }
}
