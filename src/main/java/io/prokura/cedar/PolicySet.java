package io.prokura.cedar;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// An immutable set of policies, each under an id of its own.
public final class PolicySet {
  /// The longest text that is parsed, in UTF-16 code units.
  public static final int TEXT_LENGTH_MAX = 1 << 20;

  private final Map<String, Policy> policies;
  private final PolicyIndex index;

  private PolicySet(Map<String, Policy> policies) {
    this.policies = Collections.unmodifiableMap(policies);
    this.index = new PolicyIndex(policies.values());
  }

  /// The set of these policies.
  ///
  /// @throws IllegalArgumentException if two have the same id, or one still has a slot
  public static PolicySet of(Collection<Policy> policies) {
    var byId = new LinkedHashMap<String, Policy>();
    for (var policy : policies) {
      if (!policy.slots().isEmpty()) {
        throw new IllegalArgumentException("policy " + policy.id() + " has slots; link it first");
      }
      if (byId.putIfAbsent(policy.id(), policy) != null) {
        throw new IllegalArgumentException("two policies have the id " + policy.id());
      }
    }
    return new PolicySet(byId);
  }

  /// Reads one policy per entry, from text by id.
  ///
  /// @throws CedarSyntaxException if a text is not exactly one policy without slots
  public static PolicySet parse(Map<String, String> texts) throws CedarSyntaxException {
    var policies = new LinkedHashMap<String, Policy>();
    for (var entry : texts.entrySet()) {
      policies.put(entry.getKey(), Policy.parse(entry.getKey(), entry.getValue()));
    }
    return new PolicySet(policies);
  }

  /// Reads any number of policies from one text and names them `policy0`, `policy1` and so on.
  ///
  /// @throws CedarSyntaxException if the text is not a sequence of policies without slots
  public static PolicySet parse(String text) throws CedarSyntaxException {
    return of(new PolicyParser(text).policies());
  }

  /// The policies by id, in the order given.
  public Map<String, Policy> policies() {
    return policies;
  }

  PolicyIndex index() {
    return index;
  }

  /// The policy with that id.
  public Optional<Policy> find(String id) {
    return Optional.ofNullable(policies.get(id));
  }
}
