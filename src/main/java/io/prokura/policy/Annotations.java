package io.prokura.policy;

import io.prokura.cedar.PolicySet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;

/// What the annotations of a set's policies say, by the id of the policy: what each that obliges an
/// enforcer to something obliges it to, and what each that records words of a task records. Those
/// that say nothing are not in it, and they are the most.
public record Annotations(
    Map<String, List<Obligation>> obligations, Map<String, SortedSet<String>> records) {

  public Annotations {
    obligations = Map.copyOf(obligations);
    records = Map.copyOf(records);
  }

  /// What the annotations of these policies say, which were checked.
  static Annotations of(PolicySet policies) {
    var obligations = new HashMap<String, List<Obligation>>();
    var records = new HashMap<String, SortedSet<String>>();
    for (var policy : policies.policies().values()) {
      var obliged = Obligation.of(policy);
      if (!obliged.isEmpty()) {
        obligations.put(policy.id(), obliged);
      }
      var recorded = Recorded.of(policy);
      if (!recorded.isEmpty()) {
        records.put(policy.id(), recorded);
      }
    }
    return new Annotations(obligations, records);
  }
}
