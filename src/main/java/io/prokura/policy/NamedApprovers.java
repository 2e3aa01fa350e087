package io.prokura.policy;

import io.prokura.approvals.Approvers;
import io.prokura.cedar.Effect;
import io.prokura.cedar.Policy;
import java.util.Optional;

/// Who may approve what a forbid policy stands against, in its annotation `@approver`: `delegator`,
/// `user:usr_…` and `group:grp_…`, between commas.
public final class NamedApprovers {
  private static final String ANNOTATION = "approver";

  private NamedApprovers() {}

  /// The approvers that a policy which was read names; empty where it names none.
  public static Optional<Approvers> of(Policy policy) {
    return Optional.ofNullable(policy.annotations().get(ANNOTATION)).flatMap(Approvers::parse);
  }

  /// What is wrong with the annotation of a policy, if anything is.
  static Optional<String> problem(Policy policy) {
    if (!policy.annotations().containsKey(ANNOTATION)) {
      return Optional.empty();
    }
    if (policy.effect() != Effect.FORBID) {
      return Optional.of("@approver: only what a forbid policy stands against is approved");
    }
    return of(policy).isPresent()
        ? Optional.empty()
        : Optional.of(
            "@approver: 1 to %d of delegator, user:usr_… and group:grp_…, between commas"
                .formatted(Approvers.MAX));
  }
}
