package io.prokura.decision;

import io.prokura.approvals.Presented;
import io.prokura.kernel.Id;
import io.prokura.policy.Obligation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One answer of the policy decision point. It is on record under its id; questions that were asked
/// together may share one, and `item` tells them apart.
///
/// `detail` says in words which check failed and what would help; it is meant for the enforcer that
/// asked and for whoever it tells. `policies` are the ids of those that determined the answer, the
/// first [#POLICIES_MAX] of them, and none when nothing allows it. `published` is the number of the
/// policies in force and `snapshot` their digest. `obligations` are what the enforcer has to do,
/// whatever the answer; `remedies` the smallest change that would have made it a yes. `approval` is
/// what the one comes to that was presented, and until `requestableUntil` one can be asked for.
public record Decision(
    Id.Decision id,
    int item,
    boolean allowed,
    Reason reason,
    String detail,
    List<String> policies,
    List<Obligation> obligations,
    List<Remedy> remedies,
    long published,
    String snapshot,
    Grounds grounds,
    Instant at,
    Optional<Presented> approval,
    Optional<Instant> requestableUntil) {
  /// How many policies a decision names, so that it fits into the record whatever their number.
  static final int POLICIES_MAX = 100;

  public Decision {
    policies =
        List.copyOf(policies.size() > POLICIES_MAX ? policies.subList(0, POLICIES_MAX) : policies);
    obligations = List.copyOf(obligations);
    remedies = List.copyOf(remedies);
    if (allowed != (reason == Reason.ALLOWED)) {
      throw new IllegalArgumentException("allowed for the reason " + reason);
    }
  }
}
