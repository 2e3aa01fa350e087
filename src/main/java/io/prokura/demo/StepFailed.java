package io.prokura.demo;

/// Ends the story: something that the step expects did not happen.
final class StepFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StepFailed(String message) {
    super(message);
  }
}
