package io.prokura.cedar;

import java.util.function.Predicate;

/// A policy and the code that says whether a request in its scope satisfies it. The scope is looked
/// at as it stands in the policy: most policies are permissions of one of many, each of which takes
/// the less memory and is the sooner found there.
///
/// @param order the place of the policy in its set
record CompiledPolicy(int order, Policy policy, Predicate<Evaluation> conditions) {
  /// The conditions of a policy without any.
  static final Predicate<Evaluation> UNCONDITIONAL = _ -> true;

  void evaluate(Evaluation evaluation, Verdict verdict) {
    try {
      if (ScopeTest.test(policy, evaluation) && conditions.test(evaluation)) {
        verdict.satisfied(this);
      }
    } catch (EvaluationException failure) {
      verdict.failed(this, failure.problem());
    }
  }
}
