package io.prokura.tlog;

/// Says that input cannot be relied on: it does not follow its format, or a signature, a proof or
/// a stored tile does not verify.
///
/// This is the only exception with which the package refuses input; its message tells the reason
/// in words and never quotes more than a line of the input. An `IllegalArgumentException` from this
/// package is a mistake of the caller's code.
public final class InvalidException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String reason;

  /// Refuses for the given reason.
  public InvalidException(String reason) {
    super(reason);
    this.reason = reason;
  }

  /// Why the input is refused, in words.
  public String reason() {
    return reason;
  }
}
