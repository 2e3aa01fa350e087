package io.prokura.kernel;

/// Something the server depends on failed: the request is answered with 503 and nothing is granted.
/// The message goes to the operator's log, never to the caller.
public final class Outage extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public Outage(String message) {
    super(message);
  }

  public Outage(String message, Throwable cause) {
    super(message, cause);
  }
}
