package io.prokura.agents;

import static io.prokura.kernel.Refusal.FIELD_INVALID;
import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Refusal.PRECONDITION_STALE;
import static io.prokura.kernel.Refusal.PRINCIPAL_NOT_ACTIVE;
import static io.prokura.kernel.Refusal.REFERENCE_UNKNOWN;
import static io.prokura.kernel.Refusal.STATE_CONFLICT;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.catalogue.Catalogue;
import io.prokura.directory.Directory;
import io.prokura.feed.Cached;
import io.prokura.feed.Feed;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.util.List;
import java.util.Optional;

/// The verbs over agents, and which of them may act. Methods without a [Tx] read from memory, kept
/// fresh by the change feed.
public final class Agents {
  /// The kind of change that says of an agent that it has changed.
  public static final String KIND = "agent";

  private static final int CACHED_MAX = 100_000;

  private final World world;
  private final Feed feed;
  private final AuditLog audit;
  private final Directory directory;
  private final Catalogue catalogue;
  private final Cached<Agent> cached;

  public Agents(
      World world,
      Database database,
      Feed feed,
      AuditLog audit,
      Directory directory,
      Catalogue catalogue) {
    this.world = world;
    this.feed = feed;
    this.audit = audit;
    this.directory = directory;
    this.catalogue = catalogue;
    cached =
        new Cached<>(
            feed,
            KIND,
            CACHED_MAX,
            id -> database.read(tx -> AgentStore.find(tx, new Id.Agent(id))));
  }

  /// The agent with this id, from memory.
  public Optional<Agent> find(Id.Agent id) {
    return cached.get(id.text());
  }

  public Optional<Agent> find(Tx tx, Id.Agent id) {
    return AgentStore.find(tx, id);
  }

  /// Proof that the agent may act now; refuses `PRINCIPAL_NOT_ACTIVE`, naming its state.
  public Result<ActiveAgent> active(Id.Agent id) {
    var found = find(id);
    if (found.isEmpty()) {
      return refused(PRINCIPAL_NOT_ACTIVE, "there is no such agent");
    }
    var agent = found.get();
    if (agent.state() != AgentState.ACTIVE) {
      return refused(PRINCIPAL_NOT_ACTIVE, "the agent is " + agent.state().word());
    }
    return agent.isExpired(world.now())
        ? refused(
            PRINCIPAL_NOT_ACTIVE, "the agent was valid until " + agent.validUntil().orElseThrow())
        : ok(new ActiveAgent(agent));
  }

  /// Registers `agent`, which may not act before it is activated. Refuses `REFERENCE_UNKNOWN` for
  /// an owner that is no active user and no group, and for a purpose that is not registered.
  public Result<Agent> register(Tx tx, Id by, Agent agent) {
    return enrolled(tx, by, agent.withState(AgentState.REGISTERED), "agent.registered");
  }

  /// Puts an agent on record that somebody met; the owners are those who have to decide whether it
  /// is adopted. Refuses as `register` does.
  public Result<Agent> discover(Tx tx, Id by, Agent agent) {
    return enrolled(tx, by, agent.withState(AgentState.DISCOVERED), "agent.discovered");
  }

  private Result<Agent> enrolled(Tx tx, Id by, Agent agent, String type) {
    var wrong = unknownOwner(tx, agent).or(() -> unknownPurpose(agent));
    if (wrong.isPresent()) {
      return wrong.get().refusal();
    }
    AgentStore.insert(tx, agent);
    feed.publish(tx, KIND, agent.id().text());
    audit.append(tx, owners(described(type, by, agent), agent).build());
    return ok(agent);
  }

  /// Writes `agent` over the version it names, but for its state. A change of owners is an entry of
  /// its own. Refuses `NOT_FOUND`, `PRECONDITION_STALE`, `STATE_CONFLICT` for an agent that is
  /// retired or dismissed, `FIELD_INVALID` when it would be for nothing, and `REFERENCE_UNKNOWN` as
  /// `register` does.
  public Result<Agent> replace(Tx tx, Id by, Agent agent) {
    var found = existing(tx, agent.id());
    if (!(found instanceof Ok(var current))) {
      return found.refusal();
    }
    if (current.version() != agent.version()) {
      return stale();
    }
    if (!current.state().isOpen()) {
      return refused(STATE_CONFLICT, "the agent is " + current.state().word());
    }
    if (agent.purposes().isEmpty() && !current.state().isUnclaimed()) {
      return refused(FIELD_INVALID, "purposes names at least one purpose");
    }
    var next = agent.withState(current.state());
    boolean sameOwners = next.hasOwnersOf(current);
    var wrong =
        (sameOwners ? Optional.<Refused<Agent>>empty() : unknownOwner(tx, next))
            .or(() -> unknownPurpose(next));
    if (wrong.isPresent()) {
      return wrong.get().refusal();
    }
    if (!AgentStore.update(tx, next)) {
      return stale();
    }
    feed.publish(tx, KIND, next.id().text());
    var written = next.withVersion(next.version() + 1);
    if (!sameOwners) {
      var event = Event.about("agent.owner.changed", written.id()).by(by);
      audit.append(
          tx,
          owners(event, written)
              .reference("ownerBefore", current.owner())
              .reference("backupOwnerBefore", current.backupOwner())
              .number("version", written.version())
              .build());
    }
    if (sameOwners || !sameButOwners(current, next)) {
      audit.append(tx, described("agent.changed", by, written).build());
    }
    return ok(written);
  }

  private static boolean sameButOwners(Agent current, Agent next) {
    return current.name().equals(next.name())
        && current.description().equals(next.description())
        && current.purposes().equals(next.purposes())
        && current.capabilities().equals(next.capabilities())
        && current.environment() == next.environment()
        && current.risk() == next.risk()
        && current.validUntil().equals(next.validUntil());
  }

  /// Takes one step of the agent's life. Refuses `NOT_FOUND`, and `STATE_CONFLICT` for a step that
  /// is not legal from its state, and for one that would let an agent act that nobody active
  /// answers for, that is for nothing or whose time has run out.
  public Result<Agent> transition(
      Tx tx, Id by, Id.Agent id, AgentTransition transition, String reason) {
    var found = existing(tx, id);
    return found instanceof Ok(var current)
        ? transition(tx, by, current, transition, reason)
        : found;
  }

  /// The same of the version `version` only; refuses `PRECONDITION_STALE`.
  public Result<Agent> transition(
      Tx tx, Id by, Id.Agent id, long version, AgentTransition transition, String reason) {
    var found = existing(tx, id);
    if (!(found instanceof Ok(var current))) {
      return found;
    }
    return current.version() == version ? transition(tx, by, current, transition, reason) : stale();
  }

  /// Suspends an active agent; refuses `NOT_FOUND` and `STATE_CONFLICT`.
  public Result<Agent> suspend(Tx tx, Id.Agent id, Id by, String reason) {
    return transition(tx, by, id, AgentTransition.SUSPEND, reason);
  }

  /// The agent's part of a kill: suspends it when it is active and leaves it as it is otherwise,
  /// since it may act in no other state. Refuses `NOT_FOUND`.
  public Result<Agent> kill(Tx tx, Id.Agent id, Id by, String reason) {
    var found = existing(tx, id);
    return found instanceof Ok(var current) && current.state() == AgentState.ACTIVE
        ? transition(tx, by, current, AgentTransition.SUSPEND, reason)
        : found;
  }

  private Result<Agent> transition(
      Tx tx, Id by, Agent current, AgentTransition transition, String reason) {
    if (!transition.isLegalFrom(current.state())) {
      return refused(
          STATE_CONFLICT,
          "the agent is %s; there is no %s from there"
              .formatted(current.state().word(), transition.word()));
    }
    if (transition.to() == AgentState.ACTIVE || transition.to() == AgentState.REGISTERED) {
      var unfit = unfit(tx, current);
      if (unfit.isPresent()) {
        return refused(STATE_CONFLICT, unfit.get());
      }
    } else {
      tx.makeUrgent();
    }
    var next = current.withState(transition.to());
    if (!AgentStore.update(tx, next)) {
      return stale();
    }
    feed.publish(tx, KIND, next.id().text());
    var written = next.withVersion(next.version() + 1);
    audit.append(
        tx,
        Event.about(transition.event(), written.id())
            .by(by)
            .word("before", current.state().word())
            .word("state", written.state().word())
            .number("version", written.version())
            .free("reason", reason)
            .build());
    return ok(written);
  }

  /// Why the agent may not be on its way to acting, if there is a reason.
  private Optional<String> unfit(Tx tx, Agent agent) {
    if (unknownOwner(tx, agent).isPresent()) {
      return Optional.of("an owner is neither an active user nor a group; name another first");
    }
    if (agent.purposes().isEmpty()) {
      return Optional.of("the agent has no purpose; give it one first");
    }
    return agent.isExpired(world.now())
        ? Optional.of("validUntil has passed; set a later one first")
        : Optional.empty();
  }

  /// At most `count` agents in the order of their ids, from the one after the text `after`; an
  /// empty `state` or `owner` selects all. An owner's agents are those it answers for first or as
  /// backup.
  public List<Agent> page(Tx tx, String state, String owner, String after, int count) {
    return AgentStore.page(tx, state, owner, after, count);
  }

  /// Whether a group owns an agent that is not gone, and so can't be deleted.
  public boolean hasOwner(Tx tx, Id.Group group) {
    return AgentStore.hasOwner(tx, group);
  }

  private Optional<Refused<Agent>> unknownOwner(Tx tx, Agent agent) {
    for (var owner : List.of(agent.owner(), agent.backupOwner())) {
      if (directory.existingOwner(tx, owner) instanceof Refused<Id>(var reason, var detail)) {
        return Optional.of(new Refused<>(reason, detail));
      }
    }
    return Optional.empty();
  }

  private Optional<Refused<Agent>> unknownPurpose(Agent agent) {
    return agent.purposes().stream()
        .filter(purpose -> catalogue.purpose(purpose).isEmpty())
        .findFirst()
        .map(purpose -> new Refused<>(REFERENCE_UNKNOWN, "there is no purpose " + purpose.text()));
  }

  private static Event.Builder owners(Event.Builder event, Agent agent) {
    return event.reference("owner", agent.owner()).reference("backupOwner", agent.backupOwner());
  }

  private static Event.Builder described(String type, Id by, Agent agent) {
    var event =
        Event.about(type, agent.id())
            .by(by)
            .references("purposes", agent.purposes())
            .word("environment", agent.environment().word())
            .word("risk", agent.risk().word())
            .word("state", agent.state().word())
            .number("version", agent.version())
            .personal("name", agent.name(), agent.owner());
    agent.validUntil().ifPresent(until -> event.number("validUntil", until.toEpochMilli()));
    if (!agent.description().isEmpty()) {
      event.free("description", agent.description());
    }
    if (!agent.capabilities().isEmpty()) {
      event.free("capabilities", String.join("\n", agent.capabilities()));
    }
    return event;
  }

  private static Result<Agent> existing(Tx tx, Id.Agent id) {
    return AgentStore.find(tx, id)
        .map(Result::ok)
        .orElseGet(() -> refused(NOT_FOUND, "there is no such agent"));
  }

  private static Result<Agent> stale() {
    return refused(PRECONDITION_STALE, "the agent has changed since that version");
  }
}
