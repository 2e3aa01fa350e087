package io.prokura.cedar;

import java.util.List;

/// Decides requests: allow if some permit is satisfied and no forbid is. Has no state and may be
/// used by any number of threads.
public final class Authorizer {
  private Authorizer() {}

  /// Decides by one policy set.
  public static Response authorize(Request request, Entities entities, PolicySet policies) {
    return authorize(request, entities, List.of(policies));
  }

  /// Decides by several policy sets as if they were one. Ids should differ between the sets, or the
  /// response cannot tell the policies apart by their ids.
  public static Response authorize(Request request, Entities entities, List<PolicySet> policySets) {
    var evaluation = new Evaluation(request, entities);
    var verdict = new Verdict();
    for (var policies : policySets) {
      verdict.nextSet();
      policies.index().evaluate(evaluation, verdict);
    }
    return verdict.response();
  }
}
