package io.prokura.agents;

/// Proof that an agent was active when it was asked for: its state was active and its time had not
/// run out. Only [Agents#active] can make one.
public final class ActiveAgent {
  private final Agent agent;

  ActiveAgent(Agent agent) {
    this.agent = agent;
  }

  public Agent agent() {
    return agent;
  }
}
