package io.prokura.decision;

import io.prokura.kernel.Id;
import java.util.List;

/// One answer of the policy decision point. It is on record under its id.
///
/// `detail` says in words which check failed and what would help; it is meant for the enforcer that
/// asked and for whoever it tells. `policies` are the ids of those that determined the answer, none
/// when nothing allows it. `snapshot` is the digest of the policies in force.
public record Decision(
    Id.Decision id,
    boolean allowed,
    Reason reason,
    String detail,
    List<String> policies,
    String snapshot,
    Grounds grounds) {

  public Decision {
    policies = List.copyOf(policies);
    if (allowed != (reason == Reason.ALLOWED)) {
      throw new IllegalArgumentException("allowed for the reason " + reason);
    }
  }
}
