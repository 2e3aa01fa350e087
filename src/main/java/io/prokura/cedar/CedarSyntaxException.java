package io.prokura.cedar;

/// A text that is not what it should be: a policy, a schema, or JSON data. The message starts with
/// the position and says what was expected.
public final class CedarSyntaxException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int line;
  private final int column;
  private final String problem;

  CedarSyntaxException(Position position, String problem) {
    super(position + ": " + problem);
    this.line = position.line();
    this.column = position.column();
    this.problem = problem;
  }

  /// Where in the text the problem was noticed.
  public Position position() {
    return new Position(line, column);
  }

  /// What is wrong, without the position.
  public String problem() {
    return problem;
  }
}
