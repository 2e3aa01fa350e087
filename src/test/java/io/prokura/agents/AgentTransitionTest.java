package io.prokura.agents;

import static io.prokura.agents.AgentState.ACTIVE;
import static io.prokura.agents.AgentState.DISCOVERED;
import static io.prokura.agents.AgentState.DISMISSED;
import static io.prokura.agents.AgentState.QUARANTINED;
import static io.prokura.agents.AgentState.REGISTERED;
import static io.prokura.agents.AgentState.RETIRED;
import static io.prokura.agents.AgentState.SUSPENDED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class AgentTransitionTest {
  /// Which states may follow which, written down a second time.
  private static final Map<AgentState, Set<AgentState>> FOLLOWING =
      Map.of(
          DISCOVERED, Set.of(REGISTERED, DISMISSED, RETIRED),
          REGISTERED, Set.of(ACTIVE, RETIRED),
          ACTIVE, Set.of(SUSPENDED, QUARANTINED, RETIRED),
          SUSPENDED, Set.of(ACTIVE, QUARANTINED, RETIRED),
          QUARANTINED, Set.of(SUSPENDED, ACTIVE, RETIRED),
          DISMISSED, Set.of(RETIRED),
          RETIRED, Set.of());

  @Test
  void leadsFromEachStateToTheDesignedOnesAndNoOthers() {
    var following = new EnumMap<AgentState, Set<AgentState>>(AgentState.class);
    for (var state : AgentState.values()) {
      var next = EnumSet.noneOf(AgentState.class);
      for (var transition : AgentTransition.values()) {
        if (transition.isLegalFrom(state)) {
          assertThat(next.add(transition.to())).isTrue();
        }
      }
      following.put(state, next);
    }
    assertThat(following).isEqualTo(FOLLOWING);
  }

  @Test
  void comesToActingOnlyThroughRegistration() {
    var reached = EnumSet.noneOf(AgentState.class);
    var open = new ArrayDeque<>(Set.of(DISCOVERED));
    while (!open.isEmpty()) {
      var state = open.remove();
      for (var transition : AgentTransition.values()) {
        if (transition.isLegalFrom(state)
            && transition.to() != REGISTERED
            && reached.add(transition.to())) {
          open.add(transition.to());
        }
      }
    }
    assertThat(reached).containsExactlyInAnyOrder(DISMISSED, RETIRED);
  }
}
