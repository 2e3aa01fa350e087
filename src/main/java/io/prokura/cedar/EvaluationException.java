package io.prokura.cedar;

/// The evaluation of an expression failed, and with it the policy. Has no stack trace: it is an
/// outcome, and it has to be cheap.
final class EvaluationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EvaluationException(String problem) {
    super(problem, null, false, false);
  }

  String problem() {
    return java.util.Objects.requireNonNull(getMessage());
  }
}
