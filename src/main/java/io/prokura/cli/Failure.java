package io.prokura.cli;

/// Ends a command with a status and one line for the person who typed it.
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// The server said no, or what was checked is broken.
  static final int REFUSED = 1;

  /// The command can't be done as it was given.
  static final int USAGE = 2;

  /// The server can't be reached, or its answer never came.
  static final int UNREACHABLE = 3;

  private final int status;

  private Failure(int status, String line) {
    super(line);
    this.status = status;
  }

  static Failure refused(String line) {
    return new Failure(REFUSED, line);
  }

  static Failure usage(String line) {
    return new Failure(USAGE, line);
  }

  static Failure unreachable(String line) {
    return new Failure(UNREACHABLE, line);
  }

  /// The exit status of the process.
  public int status() {
    return status;
  }

  /// What happened, in one line.
  public String line() {
    return String.valueOf(getMessage());
  }
}
