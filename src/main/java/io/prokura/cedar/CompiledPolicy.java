package io.prokura.cedar;

import java.util.function.Predicate;

/// A policy and the code that says whether a request in its scope satisfies it. The scope is looked
/// at as it stands in the policy: most policies are permissions of one of many, each of which takes
/// the less memory. What is looked at first stands first, because that is the order in which a
/// collector moves it through memory; the texts of the policy come last.
///
/// @param order the place of the policy in its set
record CompiledPolicy(
    Scope principal,
    ActionScope action,
    Scope resource,
    Predicate<Evaluation> conditions,
    Policy policy,
    int order) {
  /// The conditions of a policy without any.
  static final Predicate<Evaluation> UNCONDITIONAL = _ -> true;

  CompiledPolicy(int order, Policy policy, Predicate<Evaluation> conditions) {
    this(policy.principal(), policy.action(), policy.resource(), conditions, policy, order);
  }

  void evaluate(Evaluation evaluation, Verdict verdict) {
    try {
      if (ScopeTest.test(this, evaluation) && conditions.test(evaluation)) {
        verdict.satisfied(this);
      }
    } catch (EvaluationException failure) {
      verdict.failed(this, failure.problem());
    }
  }
}
