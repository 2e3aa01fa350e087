package io.prokura.seal;

/// Sealed bytes could not be opened: they were changed, belong elsewhere, or were sealed under a
/// key that is gone. Nothing of them is given out, and the message says nothing of their content.
public final class BrokenSeal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BrokenSeal(String message) {
    super(message);
  }
}
