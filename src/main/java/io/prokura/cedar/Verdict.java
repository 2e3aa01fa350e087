package io.prokura.cedar;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Collects the outcomes of policies while a request is decided.
final class Verdict {
  private static final Comparator<Outcome> BY_ORDER =
      Comparator.comparingInt(Outcome::set).thenComparingInt(outcome -> outcome.policy().order());

  private final List<Outcome> permits = new ArrayList<>(2);
  private final List<Outcome> forbids = new ArrayList<>(0);
  private final List<Outcome> errors = new ArrayList<>(0);
  private int set;

  private record Outcome(int set, CompiledPolicy policy, String message) {}

  /// Starts the next policy set: what follows comes after everything before.
  void nextSet() {
    set++;
  }

  void satisfied(CompiledPolicy policy) {
    var outcomes = policy.policy().effect() == Effect.PERMIT ? permits : forbids;
    outcomes.add(new Outcome(set, policy, ""));
  }

  void failed(CompiledPolicy policy, String message) {
    errors.add(new Outcome(set, policy, message));
  }

  Response response() {
    boolean allow = forbids.isEmpty() && !permits.isEmpty();
    var determining = new ArrayList<Policy>(2);
    for (var outcome : ordered(allow ? permits : forbids)) {
      determining.add(outcome.policy().policy());
    }
    var failures = new ArrayList<PolicyError>(errors.size());
    for (var outcome : ordered(errors)) {
      failures.add(new PolicyError(outcome.policy().policy(), outcome.message()));
    }
    return new Response(allow ? Decision.ALLOW : Decision.DENY, determining, failures);
  }

  /// In the order of the sets and of the policies in them. A policy that was reached on two ways
  /// counts once.
  private static List<Outcome> ordered(List<Outcome> outcomes) {
    if (outcomes.size() < 2) {
      return outcomes;
    }
    outcomes.sort(BY_ORDER);
    var once = new ArrayList<Outcome>(outcomes.size());
    for (var outcome : outcomes) {
      if (once.isEmpty() || BY_ORDER.compare(once.getLast(), outcome) != 0) {
        once.add(outcome);
      }
    }
    return once;
  }
}
