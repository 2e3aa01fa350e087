package io.prokura.decision;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// Which check a decision came from: the last one when all passed, else the one that failed.
public enum Reason {
  /// Every check passed.
  ALLOWED,
  /// The question lacks something or is not one.
  REQUEST_INVALID,
  /// A policy forbids it.
  FORBIDDEN,
  /// No policy and no permission allows it to somebody in the chain.
  NOT_PERMITTED,
  /// A policy could not be evaluated, so it is not known what it would have said.
  POLICY_ERROR,
  /// This node may have missed a change.
  NOT_CURRENT,
  /// The caller is not an active workload.
  ENFORCER_NOT_ACTIVE,
  /// The caller is no enforcer of a resource with objects of this type.
  NOT_YOUR_RESOURCE,
  /// The caller enforces several resources with objects of this type, and nothing tells which.
  RESOURCE_AMBIGUOUS,
  /// The resource has no such action.
  UNKNOWN_ACTION,
  /// There is no such subject.
  UNKNOWN_SUBJECT,
  /// Somebody in the chain may not act now.
  PRINCIPAL_NOT_ACTIVE,
  /// The resource is agent-facing: the access token has to be presented.
  TOKEN_REQUIRED,
  /// The access token is not good.
  TOKEN_INVALID,
  /// The access token is for another resource.
  TOKEN_AUDIENCE,
  /// The action is not in the access token's scope.
  SCOPE_LACKING,
  /// The subject that the caller names is neither the access token's nor its current actor.
  SUBJECT_MISMATCH,
  /// An agent takes part, and it is not said for which one purpose.
  PURPOSE_REQUIRED,
  /// The purpose does not cover the action on the resource, or is over.
  PURPOSE_NOT_COVERING,
  /// The schema does not let this action meet this subject and this object.
  NOT_APPLICABLE,
  /// A property has the wrong type, or a needed one is missing.
  PROPERTY_INVALID,
  /// A budget of a delegation is used up, or does not reach for what is asked.
  BUDGET_EXHAUSTED,
  /// Of the task that this belongs to no more can be recorded.
  TASK_FACTS_FULL,
  /// A policy that allows it obliges the caller to what it says it cannot do.
  OBLIGATION_UNSUPPORTED;

  /// The word in answers and in the record: `token_required`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Reason> parse(String word) {
    return Arrays.stream(values()).filter(one -> one.word().equals(word)).findFirst();
  }
}
