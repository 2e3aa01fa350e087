package io.prokura.cedar;

/// A value that does not have the type it should have. The message starts with the path of the
/// value, such as `session.ip`, and says what was expected.
public final class TypeMismatchException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String path;
  private final String problem;

  TypeMismatchException(String path, String problem) {
    super(path.isEmpty() ? problem : path + ": " + problem);
    this.path = path;
    this.problem = problem;
  }

  /// Where the value is, as attributes joined by dots; empty for the whole value.
  public String path() {
    return path;
  }

  /// What is wrong with it, without the path.
  public String problem() {
    return problem;
  }
}
