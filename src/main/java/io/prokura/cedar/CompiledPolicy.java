package io.prokura.cedar;

import java.util.function.Predicate;

/// A policy and the code that says whether a request satisfies it.
///
/// @param order the place of the policy in its set
record CompiledPolicy(int order, Policy policy, Predicate<Evaluation> satisfied) {

  void evaluate(Evaluation evaluation, Verdict verdict) {
    try {
      if (satisfied.test(evaluation)) {
        verdict.satisfied(this);
      }
    } catch (EvaluationException failure) {
      verdict.failed(this, failure.problem());
    }
  }
}
