package io.prokura.access;

import io.prokura.cedar.EntityType;
import io.prokura.kernel.Id;
import io.prokura.policy.PolicySnapshot;
import io.prokura.policy.Uids;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// A policy that keeps an agent to the actions that decisions allowed it in a period, whoever or
/// whatever else would allow it more. Tokens it leaves alone: what they are good for, decisions
/// tell.
///
/// `undeclared` are used actions that the schema does not declare for agents and that no policy
/// could therefore name; as long as there are any, there is no policy. There is none either where
/// the schema declares nothing that the agent left unused.
record Tightening(String file, Optional<String> text, List<String> undeclared) {
  Tightening {
    undeclared = List.copyOf(undeclared);
  }

  /// The policy that allows `agent` no more than `used`, by type of objects.
  static Tightening of(
      Id.Agent agent,
      Instant from,
      Instant until,
      SortedMap<String, NavigableSet<String>> used,
      PolicySnapshot snapshot) {
    var undeclared = new ArrayList<String>();
    var kept = new TreeMap<String, NavigableSet<String>>();
    used.forEach(
        (type, actions) -> {
          for (var action : actions) {
            if (isDeclared(snapshot, type, action)) {
              kept.computeIfAbsent(type, _ -> new TreeSet<>()).add(action);
            } else {
              undeclared.add(type + " " + action);
            }
          }
        });
    var file = "tighten-" + agent.text() + ".cedar";
    return undeclared.isEmpty() && leavesOut(snapshot, kept)
        ? new Tightening(file, Optional.of(text(agent, from, until, kept)), List.of())
        : new Tightening(file, Optional.empty(), undeclared);
  }

  /// Whether the schema declares anything for agents that is not kept. Otherwise the policy would
  /// never apply.
  private static boolean leavesOut(
      PolicySnapshot snapshot, SortedMap<String, NavigableSet<String>> kept) {
    return snapshot.schema().actions().values().stream()
        .filter(action -> action.principals().contains(Uids.AGENT))
        .anyMatch(
            action ->
                action.resources().stream()
                    .filter(type -> !type.equals(Uids.RESOURCE))
                    .anyMatch(
                        type ->
                            kept.getOrDefault(type.name(), new TreeSet<>()).stream()
                                .noneMatch(name -> Uids.action(type, name).equals(action.uid()))));
  }

  private static boolean isDeclared(PolicySnapshot snapshot, String type, String action) {
    var objects = new EntityType(type);
    return snapshot
        .schema()
        .action(Uids.action(objects, action))
        .filter(declared -> declared.resources().contains(objects))
        .filter(declared -> declared.principals().contains(Uids.AGENT))
        .isPresent();
  }

  private static String text(
      Id.Agent agent, Instant from, Instant until, SortedMap<String, NavigableSet<String>> kept) {
    int count = kept.values().stream().mapToInt(NavigableSet::size).sum();
    return """
        @id("tighten.%s")
        @description("Keeps the agent to the %d actions that it used from %s to %s")
        forbid (principal == %s, action, resource)
        unless {
          resource is %s%s
        };
        """
        .formatted(
            agent.text(), count, from, until, Uids.of(agent), Uids.RESOURCE.name(), kept(kept));
  }

  private static String kept(SortedMap<String, NavigableSet<String>> kept) {
    return kept.entrySet().stream()
        .map(one -> " ||\n  (resource is %s && (%s))".formatted(one.getKey(), actions(one)))
        .collect(Collectors.joining());
  }

  private static String actions(Map.Entry<String, NavigableSet<String>> of) {
    var objects = new EntityType(of.getKey());
    return of.getValue().stream()
        .map(action -> "action == " + Uids.action(objects, action))
        .collect(Collectors.joining(" || "));
  }
}
