package io.prokura.delegation;

import io.prokura.kernel.Id;
import io.prokura.sql.Tx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// What requests that are answered together spend of the budgets of delegations.
///
/// Each is planned first, by what is known to be left and not planned yet, and spent in one
/// transaction, which is the arbiter: it spends all or, where somebody else was faster, has to be
/// undone.
public final class Spendings {
  private final Budgets budgets;
  private final Set<String> repeated;
  private final Map<Place, Long> planned = new HashMap<>(1);
  private final Map<String, List<Part>> requests = new LinkedHashMap<>(1);

  /// With nothing planned and nothing known to be repeated.
  public Spendings(Budgets budgets) {
    this(budgets, Set.of());
  }

  private Spendings(Budgets budgets, Set<String> repeated) {
    this.budgets = budgets;
    this.repeated = new HashSet<>(repeated);
  }

  /// With nothing planned, after what was planned before could not be spent: the budgets are looked
  /// up again, and which requests have spent before is known now.
  public Spendings again() {
    budgets.refresh(planned.keySet().stream().map(Place::delegation).distinct().toList());
    // A transaction may have met one that committed with it or not at all.
    repeated.removeIf(request -> !budgets.hasSpent(request));
    return new Spendings(budgets, repeated);
  }

  /// One budget of one delegation.
  private record Place(Id.Delegation delegation, String name) {}

  /// An amount of a budget.
  private record Part(Place place, long amount) {}

  /// A budget that does not reach: whose it is, its name, what is left of it and what was asked.
  public record Lack(Id.Delegation delegation, String name, long left, long asked) {}

  /// What became of a plan: a budget that does not reach, or whether something will be spent.
  public record Plan(Optional<Lack> lack, boolean spends) {
    private static final Plan NOTHING = new Plan(Optional.empty(), false);
    private static final Plan SPENDS = new Plan(Optional.empty(), true);
  }

  /// What is left along a line once everything planned is spent.
  public SortedMap<String, Long> left(List<Id.Delegation> line) {
    if (planned.isEmpty()) {
      return budgets.left(line);
    }
    var left = new TreeMap<String, Long>();
    for (var id : line) {
      budgets
          .of(id)
          .forEach(
              (name, budget) -> left.merge(name, rest(new Place(id, name), budget), Math::min));
    }
    return left;
  }

  private long rest(Place place, Budget budget) {
    return Math.max(0, budget.left() - planned.getOrDefault(place, 0L));
  }

  /// The first budget along a line of which nothing is left.
  public Optional<Lack> lack(List<Id.Delegation> line) {
    return lack(line, Map.of());
  }

  private Optional<Lack> lack(List<Id.Delegation> line, Map<String, Long> amounts) {
    for (var id : line) {
      for (var budget : budgets.of(id).entrySet()) {
        var name = budget.getKey();
        long left = rest(new Place(id, name), budget.getValue());
        long asked = amounts.getOrDefault(name, 0L);
        if (left < Math.max(asked, 1)) {
          return Optional.of(new Lack(id, name, left, asked));
        }
      }
    }
    return Optional.empty();
  }

  /// Plans that `request` spends one call and `amounts` of every delegation of a line, each as far
  /// as it has a budget of that name. A request that is planned already, or has spent, lacks and
  /// spends nothing.
  public Plan plan(String request, List<Id.Delegation> line, Map<String, Long> amounts) {
    if (requests.containsKey(request) || repeated.contains(request)) {
      return Plan.NOTHING;
    }
    var all = new TreeMap<>(amounts);
    all.put(Budget.CALLS, 1L);
    var lack = lack(line, all);
    if (lack.isPresent()) {
      return budgets.hasSpent(request) ? Plan.NOTHING : new Plan(lack, false);
    }
    var parts = new ArrayList<Part>();
    for (var id : line) {
      for (var name : budgets.of(id).keySet()) {
        long amount = all.getOrDefault(name, 0L);
        if (amount > 0) {
          var place = new Place(id, name);
          parts.add(new Part(place, amount));
          planned.merge(place, amount, Long::sum);
        }
      }
    }
    if (parts.isEmpty()) {
      return Plan.NOTHING;
    }
    requests.put(request, parts);
    return Plan.SPENDS;
  }

  /// Whether nothing is planned.
  public boolean isEmpty() {
    return requests.isEmpty();
  }

  /// Spends in `tx` what was planned. False when something does not reach, or a request has spent
  /// before, so that the plan is wrong; then `tx` has to be undone.
  public boolean spend(Tx tx) {
    for (var request : requests.keySet()) {
      if (!budgets.note(tx, request)) {
        repeated.add(request);
      }
    }
    if (requests.keySet().stream().anyMatch(repeated::contains)) {
      return false;
    }
    for (var parts : requests.values()) {
      for (var part : parts) {
        var place = part.place();
        if (!budgets.spend(tx, place.delegation(), place.name(), part.amount())) {
          return false;
        }
      }
    }
    return true;
  }
}
