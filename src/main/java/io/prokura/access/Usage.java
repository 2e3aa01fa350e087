package io.prokura.access;

import io.prokura.json.Json;
import io.prokura.kernel.Id;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// What an agent made use of in a period, as the record tells of its decisions and tokens. Keeps
/// counts alone, so that its size is bounded by what the agent may do and not by how often it did.
final class Usage {
  static final String DECISION = "decision.made";
  static final String TOKEN = "token.issued";

  private final String agent;
  private final SortedMap<Use, Count> actions = new TreeMap<>();
  private final Map<String, Count> delegations = new HashMap<>();
  private final SortedMap<String, Count> policies = new TreeMap<>();
  private final SortedMap<String, NavigableSet<String>> kinds = new TreeMap<>();
  private final Set<String> decidedOn = new HashSet<>();
  private final SortedMap<Use, Count> issued = new TreeMap<>();
  private long decisions;
  private long allowed;
  private long tokens;

  Usage(Id.Agent agent) {
    this.agent = agent.text();
  }

  /// An action on a resource, by itself or on somebody's behalf. Tokens name the resource by its
  /// identifier, decisions by its id.
  private record Use(String resource, String action, boolean onBehalf) implements Comparable<Use> {
    @Override
    public int compareTo(Use other) {
      int order = resource.compareTo(other.resource);
      order = order == 0 ? action.compareTo(other.action) : order;
      return order == 0 ? Boolean.compare(onBehalf, other.onBehalf) : order;
    }
  }

  /// How often, and when last.
  record Count(long times, Instant last) {
    static final Count NEVER = new Count(0, Instant.EPOCH);

    Count and(Count other) {
      return new Count(times + other.times, last.isAfter(other.last) ? last : other.last);
    }

    Optional<Instant> at() {
      return times == 0 ? Optional.empty() : Optional.of(last);
    }
  }

  /// Takes in one entry, in any order.
  void add(String type, Instant at, Json.Obj facts) {
    if (type.equals(DECISION)) {
      decision(at, facts);
    } else if (type.equals(TOKEN)) {
      token(at, facts);
    }
  }

  private void decision(Instant at, Json.Obj facts) {
    var chain = facts.texts("principals").orElse(List.of());
    var resource = facts.text("resource").orElse("");
    if (!chain.contains(agent)) {
      return;
    }
    boolean onBehalf = !chain.getLast().equals(agent);
    var answers =
        facts
            .get("items")
            .map(Json.Arr.class::cast)
            .map(items -> items.items().stream().map(Json.Obj.class::cast).toList())
            .orElse(List.of(facts));
    for (var answer : answers) {
      decisions++;
      var action = answer.text("action");
      action.ifPresent(_ -> decidedOn.add(resource));
      if (answer.flag("allowed").orElse(false) && action.isPresent()) {
        allowed++;
        count(actions, new Use(resource, action.get(), onBehalf), at);
        answer
            .text("resourceType")
            .ifPresent(type -> kinds.computeIfAbsent(type, _ -> new TreeSet<>()).add(action.get()));
        facts.texts("delegations").orElse(List.of()).forEach(id -> count(delegations, id, at));
        answer.texts("policies").orElse(List.of()).forEach(id -> count(policies, id, at));
      }
    }
  }

  /// A token counts for the actions that were asked for by name. Who names none gets all there is,
  /// which tells of no need.
  private void token(Instant at, Json.Obj facts) {
    var subject = facts.text("subject").orElse("");
    boolean taking =
        subject.equals(agent) || facts.texts("actors").orElse(List.of()).contains(agent);
    if (!taking) {
      return;
    }
    tokens++;
    var audience = facts.text("audience").orElse("");
    boolean onBehalf = !subject.equals(agent);
    var asked = facts.object("operands").flatMap(terms -> terms.text("asked")).orElse("");
    for (var action : words(asked)) {
      count(actions, new Use(audience, action, onBehalf), at);
    }
    for (var action : words(facts.text("scope").orElse(""))) {
      count(issued, new Use(audience, action, onBehalf), at);
    }
    facts.texts("delegations").orElse(List.of()).forEach(id -> count(delegations, id, at));
  }

  private static List<String> words(String scope) {
    return scope.isEmpty() ? List.of() : List.of(scope.split(" ", -1));
  }

  private static <K> void count(Map<K, Count> counts, K key, Instant at) {
    counts.merge(key, new Count(1, at), Count::and);
  }

  /// How often an action was allowed or asked for by name, by itself or on behalf. Where a resource
  /// asks for no decisions, that a token had the action counts too: nothing else tells.
  Count of(Id.Resource resource, String identifier, String action, boolean onBehalf) {
    var byDecision = actions.getOrDefault(new Use(resource.text(), action, onBehalf), Count.NEVER);
    var token = new Use(identifier, action, onBehalf);
    var byToken =
        (decidedOn.contains(resource.text()) ? actions : issued).getOrDefault(token, Count.NEVER);
    return byDecision.and(byToken);
  }

  Count of(Id.Delegation delegation) {
    return delegations.getOrDefault(delegation.text(), Count.NEVER);
  }

  /// How often each policy was among those that allowed something, by id; permissions are among
  /// them.
  SortedMap<String, Count> policies() {
    return Collections.unmodifiableSortedMap(policies);
  }

  /// The actions that decisions allowed, by the type of the objects.
  SortedMap<String, NavigableSet<String>> kinds() {
    return Collections.unmodifiableSortedMap(kinds);
  }

  /// How often policies that a role is were among those that allowed something.
  Count of(Id.Role role) {
    return policies.entrySet().stream()
        .filter(one -> one.getKey().startsWith(role.text() + "#"))
        .map(Map.Entry::getValue)
        .reduce(Count.NEVER, Count::and);
  }

  long decisions() {
    return decisions;
  }

  long allowed() {
    return allowed;
  }

  long tokens() {
    return tokens;
  }
}
