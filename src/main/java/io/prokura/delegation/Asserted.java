package io.prokura.delegation;

import io.prokura.kernel.Id;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which roles the platforms of agents said they have, where it is a platform's word that proves an
/// agent: it counts with no more of what it holds. An agent that isn't named counts with all.
public record Asserted(Map<Id.Agent, List<Id.Role>> roles) {
  /// Where every agent has proven itself.
  public static final Asserted NOTHING = new Asserted(Map.of());

  public Asserted {
    var copy = new HashMap<Id.Agent, List<Id.Role>>();
    roles.forEach((agent, some) -> copy.put(agent, List.copyOf(some)));
    roles = Map.copyOf(copy);
  }

  /// What was said of one agent.
  public static Asserted of(Id.Agent agent, List<Id.Role> roles) {
    return new Asserted(Map.of(agent, roles));
  }

  /// What both say; of an agent that both name, the roles that both name.
  Asserted with(Asserted other) {
    if (roles.isEmpty() || other.roles.isEmpty()) {
      return roles.isEmpty() ? other : this;
    }
    var all = new HashMap<>(roles);
    other.roles.forEach(
        (agent, some) ->
            all.merge(agent, some, (one, two) -> one.stream().filter(two::contains).toList()));
    return new Asserted(all);
  }

  /// The roles that count of what `principal` holds, where that is bounded.
  Optional<List<Id.Role>> of(Id.Principal principal) {
    return principal instanceof Id.Agent agent
        ? Optional.ofNullable(roles.get(agent))
        : Optional.empty();
  }
}
