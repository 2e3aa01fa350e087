package io.prokura.agents;

import static io.prokura.agents.AgentState.ACTIVE;
import static io.prokura.agents.AgentState.DISCOVERED;
import static io.prokura.agents.AgentState.DISMISSED;
import static io.prokura.agents.AgentState.QUARANTINED;
import static io.prokura.agents.AgentState.REGISTERED;
import static io.prokura.agents.AgentState.RETIRED;
import static io.prokura.agents.AgentState.SUSPENDED;
import static io.prokura.agents.AgentTransition.Actor.OWNER;
import static io.prokura.agents.AgentTransition.Actor.REGISTRAR;
import static io.prokura.agents.AgentTransition.Actor.RESPONDER;
import static io.prokura.agents.AgentTransition.Actor.RULE;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/// The life cycle of an agent in one table: every legal step, where it leads from and to, the type
/// of its entry, and whose step it is. Whether somebody really may take it is for policy to say.
public enum AgentTransition {
  /// Somebody takes a discovered agent on.
  ADOPT("agent.adopted", Set.of(DISCOVERED), REGISTERED, Set.of(REGISTRAR)),
  /// A discovered agent is turned away.
  DISMISS("agent.dismissed", Set.of(DISCOVERED), DISMISSED, Set.of(REGISTRAR)),
  /// It may act from now on.
  ACTIVATE("agent.activated", Set.of(REGISTERED), ACTIVE, Set.of(REGISTRAR, OWNER)),
  /// It is stopped.
  SUSPEND("agent.suspended", Set.of(ACTIVE), SUSPENDED, Set.of(OWNER, RESPONDER, RULE)),
  /// It may act again.
  RESUME("agent.resumed", Set.of(SUSPENDED), ACTIVE, Set.of(OWNER, RESPONDER, RULE)),
  /// It is stopped so that its owner can't let it go on.
  QUARANTINE("agent.quarantined", Set.of(ACTIVE, SUSPENDED), QUARANTINED, Set.of(RESPONDER, RULE)),
  /// Its owner may let it go on again.
  RELEASE("agent.released", Set.of(QUARANTINED), SUSPENDED, Set.of(RESPONDER)),
  /// It may act again straight from quarantine.
  REINSTATE("agent.reinstated", Set.of(QUARANTINED), ACTIVE, Set.of(RESPONDER)),
  /// It is gone for good.
  RETIRE(
      "agent.retired",
      EnumSet.complementOf(EnumSet.of(RETIRED)),
      RETIRED,
      Set.of(REGISTRAR, OWNER));

  /// Whose step a transition is.
  public enum Actor {
    REGISTRAR,
    OWNER,
    RESPONDER,
    /// The server itself: a policy or a detection.
    RULE
  }

  private final String event;
  private final AgentState to;

  @SuppressWarnings("ImmutableEnumChecker") // an immutable copy
  private final Set<AgentState> from;

  @SuppressWarnings("ImmutableEnumChecker") // an immutable copy
  private final Set<Actor> actors;

  AgentTransition(String event, Set<AgentState> from, AgentState to, Set<Actor> actors) {
    this.event = event;
    this.from = Set.copyOf(from);
    this.to = to;
    this.actors = Set.copyOf(actors);
  }

  public boolean isLegalFrom(AgentState state) {
    return from.contains(state);
  }

  /// The state it leads to.
  public AgentState to() {
    return to;
  }

  /// Whose step it is.
  public Set<Actor> actors() {
    return actors;
  }

  String event() {
    return event;
  }

  /// The word in the API and for the action that policy decides: `suspend`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
