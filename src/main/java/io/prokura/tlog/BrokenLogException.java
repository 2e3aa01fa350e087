package io.prokura.tlog;

/// Ends a verification at the first thing found wrong.
final class BrokenLogException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String what;
  private final String where;

  BrokenLogException(String what, String where) {
    super(where + ": " + what);
    this.what = what;
    this.where = where;
  }

  Verdict.Broken verdict() {
    return new Verdict.Broken(what, where);
  }
}
