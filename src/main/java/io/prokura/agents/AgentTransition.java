package io.prokura.agents;

import static io.prokura.agents.AgentState.ACTIVE;
import static io.prokura.agents.AgentState.DISCOVERED;
import static io.prokura.agents.AgentState.DISMISSED;
import static io.prokura.agents.AgentState.QUARANTINED;
import static io.prokura.agents.AgentState.REGISTERED;
import static io.prokura.agents.AgentState.RETIRED;
import static io.prokura.agents.AgentState.SUSPENDED;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/// The life cycle of an agent in one table: every legal step, where it leads from and to, and the
/// type of its entry. Who may take it is for policy to say.
public enum AgentTransition {
  /// Somebody takes a discovered agent on.
  ADOPT("agent.adopted", Set.of(DISCOVERED), REGISTERED),
  /// A discovered agent is turned away.
  DISMISS("agent.dismissed", Set.of(DISCOVERED), DISMISSED),
  /// It may act from now on.
  ACTIVATE("agent.activated", Set.of(REGISTERED), ACTIVE),
  /// It is stopped.
  SUSPEND("agent.suspended", Set.of(ACTIVE), SUSPENDED),
  /// It may act again.
  RESUME("agent.resumed", Set.of(SUSPENDED), ACTIVE),
  /// It is stopped so that its owner can't let it go on.
  QUARANTINE("agent.quarantined", Set.of(ACTIVE, SUSPENDED), QUARANTINED),
  /// Its owner may let it go on again.
  RELEASE("agent.released", Set.of(QUARANTINED), SUSPENDED),
  /// It may act again straight from quarantine.
  REINSTATE("agent.reinstated", Set.of(QUARANTINED), ACTIVE),
  /// It is gone for good.
  RETIRE("agent.retired", EnumSet.complementOf(EnumSet.of(RETIRED)), RETIRED);

  private final String event;
  private final AgentState to;

  @SuppressWarnings("ImmutableEnumChecker") // an immutable copy
  private final Set<AgentState> from;

  AgentTransition(String event, Set<AgentState> from, AgentState to) {
    this.event = event;
    this.from = Set.copyOf(from);
    this.to = to;
  }

  public boolean isLegalFrom(AgentState state) {
    return from.contains(state);
  }

  /// The state it leads to.
  public AgentState to() {
    return to;
  }

  String event() {
    return event;
  }

  /// The word in the API and for the action that policy decides: `suspend`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
