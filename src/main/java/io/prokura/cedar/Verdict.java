package io.prokura.cedar;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/// Collects the outcomes of policies while a request is decided.
final class Verdict {
  private static final Comparator<Outcome> BY_ORDER =
      Comparator.comparingInt(Outcome::set).thenComparingInt(outcome -> outcome.policy().order());

  private List<Outcome> permits = List.of();
  private List<Outcome> forbids = List.of();
  private List<Outcome> errors = List.of();
  private int set;

  private record Outcome(int set, CompiledPolicy policy, String message) {}

  /// Starts the next policy set: what follows comes after everything before.
  void nextSet() {
    set++;
  }

  void satisfied(CompiledPolicy policy) {
    var outcome = new Outcome(set, policy, "");
    if (policy.policy().effect() == Effect.PERMIT) {
      permits = with(permits, outcome);
    } else {
      forbids = with(forbids, outcome);
    }
  }

  void failed(CompiledPolicy policy, String message) {
    errors = with(errors, new Outcome(set, policy, message));
  }

  /// Most requests meet one permit and nothing else.
  private static List<Outcome> with(List<Outcome> some, Outcome one) {
    if (some.isEmpty()) {
      return List.of(one);
    }
    var more = some.size() > 1 ? some : new ArrayList<>(some);
    more.add(one);
    return more;
  }

  Response response() {
    boolean allow = forbids.isEmpty() && !permits.isEmpty();
    var determining = ordered(allow ? permits : forbids);
    int ofFirst = 0;
    while (ofFirst < determining.size() && determining.get(ofFirst).set() == 1) {
      ofFirst++;
    }
    return new Response(
        allow ? Decision.ALLOW : Decision.DENY,
        each(determining, one -> one.policy().policy()),
        ofFirst,
        each(ordered(errors), one -> new PolicyError(one.policy().policy(), one.message())));
  }

  private static <T> List<T> each(List<Outcome> outcomes, Function<Outcome, T> made) {
    if (outcomes.size() < 2) {
      return outcomes.isEmpty() ? List.of() : List.of(made.apply(outcomes.getFirst()));
    }
    var all = new ArrayList<T>(outcomes.size());
    for (var outcome : outcomes) {
      all.add(made.apply(outcome));
    }
    return all;
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
