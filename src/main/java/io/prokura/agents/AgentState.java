package io.prokura.agents;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// Where an agent is in its life. [AgentTransition] says how it gets from one state to another.
public enum AgentState {
  /// Somebody met it; nobody has answered for it yet.
  DISCOVERED,
  /// Somebody answers for it; it may not act yet.
  REGISTERED,
  /// It may act. The only state in which it gets tokens and allow decisions.
  ACTIVE,
  /// Stopped; its owner may let it go on.
  SUSPENDED,
  /// Stopped; only a responder may let it go on.
  QUARANTINED,
  /// Gone for good. The id stays.
  RETIRED,
  /// Discovered and turned away.
  DISMISSED;

  /// Whether this is the state of an agent that nobody answers for.
  boolean isUnclaimed() {
    return this == DISCOVERED || this == DISMISSED;
  }

  /// Whether what is known of the agent may still change: it is neither retired nor dismissed.
  public boolean isOpen() {
    return this != RETIRED && this != DISMISSED;
  }

  /// The word in the API, in columns and to policies: `suspended`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<AgentState> parse(String word) {
    return Arrays.stream(values()).filter(state -> state.word().equals(word)).findFirst();
  }
}
