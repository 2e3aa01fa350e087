package io.prokura.agents;

import io.prokura.catalogue.Catalogue;
import io.prokura.catalogue.Purpose;
import io.prokura.catalogue.Purposes;
import io.prokura.directory.Registers;
import io.prokura.kernel.Id;
import io.prokura.sql.Database;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The agent registry wired over one database and directory, with two people who own agents and a
/// purpose for them.
public final class Registered implements AutoCloseable {
  public final Registers all;
  public final Catalogue catalogue;
  public final Agents agents;
  public final AgentsApi api;
  public final Id.User dana;
  public final Id.User erik;
  public final Id.Purpose purpose;
  private final Purposes purposes;

  public Registered(Database database) {
    all = new Registers(database);
    catalogue = new Catalogue(database, all.feed);
    purposes = new Purposes(all.feed, all.audit, all.directory);
    agents = new Agents(all.world, database, all.feed, all.audit, all.directory, catalogue);
    api = new AgentsApi(database, all.changes, agents, all.world, all.limits);
    dana = all.user("dana").id();
    erik = all.user("erik").id();
    purpose = purpose("support.triage");
  }

  public Id.Purpose purpose(String name) {
    var purpose =
        new Purpose(
            Id.Purpose.random(all.world),
            name,
            "",
            dana,
            "",
            List.of(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            1);
    return all.done(tx -> purposes.register(tx, all.admin, purpose)).id();
  }

  /// An agent that is not registered yet.
  Agent draft() {
    return new Agent(
        Id.Agent.random(all.world),
        "triage",
        "sorts tickets",
        dana,
        erik,
        List.of(purpose),
        List.of("crm.read", "crm.note"),
        Environment.TEST,
        Risk.LOW,
        Optional.empty(),
        false,
        AgentState.REGISTERED,
        1);
  }

  /// A registered agent that is not active.
  public Agent registered() {
    var draft = draft();
    return all.done(tx -> agents.register(tx, all.admin, draft));
  }

  /// An active agent.
  public Agent active() {
    return step(registered(), AgentTransition.ACTIVATE);
  }

  /// The agent after one more step.
  public Agent step(Agent agent, AgentTransition transition) {
    return all.done(tx -> agents.transition(tx, all.admin, agent.id(), transition, "because"));
  }

  /// The agent in a state, by legal steps.
  Agent in(AgentState state) {
    return switch (state) {
      case DISCOVERED -> {
        var draft = draft();
        yield all.done(tx -> agents.discover(tx, all.admin, draft));
      }
      case REGISTERED -> registered();
      case ACTIVE -> active();
      case SUSPENDED -> step(active(), AgentTransition.SUSPEND);
      case QUARANTINED -> step(active(), AgentTransition.QUARANTINE);
      case RETIRED -> step(active(), AgentTransition.RETIRE);
      case DISMISSED -> step(in(AgentState.DISCOVERED), AgentTransition.DISMISS);
    };
  }

  static Agent owned(Agent agent, Id owner, Id backup) {
    return new Agent(
        agent.id(),
        agent.name(),
        agent.description(),
        owner,
        backup,
        agent.purposes(),
        agent.capabilities(),
        agent.environment(),
        agent.risk(),
        agent.validUntil(),
        agent.bearerTokens(),
        agent.state(),
        agent.version());
  }

  static Agent named(Agent agent, String name) {
    return new Agent(
        agent.id(),
        name,
        agent.description(),
        agent.owner(),
        agent.backupOwner(),
        agent.purposes(),
        agent.capabilities(),
        agent.environment(),
        agent.risk(),
        agent.validUntil(),
        agent.bearerTokens(),
        agent.state(),
        agent.version());
  }

  static Agent changed(Agent agent, List<Id.Purpose> purposes, Optional<Instant> validUntil) {
    return new Agent(
        agent.id(),
        agent.name(),
        agent.description(),
        agent.owner(),
        agent.backupOwner(),
        purposes,
        agent.capabilities(),
        agent.environment(),
        agent.risk(),
        validUntil,
        agent.bearerTokens(),
        agent.state(),
        agent.version());
  }

  @Override
  public void close() {
    all.close();
  }
}
