package io.prokura.upstream;

import static io.prokura.kernel.Refusal.ASSERTION_INVALID;
import static io.prokura.kernel.Refusal.PRINCIPAL_NOT_ACTIVE;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.agents.Agent;
import io.prokura.agents.AgentState;
import io.prokura.agents.AgentTransition;
import io.prokura.agents.Agents;
import io.prokura.agents.Environment;
import io.prokura.agents.Risk;
import io.prokura.catalogue.Catalogue;
import io.prokura.catalogue.Role;
import io.prokura.catalogue.RoleAssignments;
import io.prokura.clients.ClientAgents;
import io.prokura.clients.ClientAgents.OwnerPair;
import io.prokura.feed.Feed;
import io.prokura.issuers.AgentAssertion;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The agents of platforms elsewhere, which are on record here from the first time that their
/// platform speaks of them: as discovered, so that somebody has to adopt them, or where its terms
/// say so as active ones of whoever answers for all of them.
///
/// Nobody but the platform can prove them. What they hold are roles that the platform said they
/// have, each from the first time on; one that was taken away from an agent isn't given again.
public final class ForeignAgents {
  private static final int NAME_MAX = 200;
  private static final String BY_TERMS = "the terms of its issuer say that it begins active";

  private static final Set<AgentState> OPEN =
      Set.of(AgentState.DISCOVERED, AgentState.REGISTERED, AgentState.ACTIVE);

  private final World world;
  private final Database database;
  private final Feed feed;
  private final Agents agents;
  private final Catalogue catalogue;
  private final RoleAssignments assignments;
  private final Links links;
  private final ClientAgents.Owners owners;

  /// `owners` says who decides about agents that nobody has adopted.
  public ForeignAgents(
      World world,
      Database database,
      Feed feed,
      Agents agents,
      Catalogue catalogue,
      RoleAssignments assignments,
      Links links,
      ClientAgents.Owners owners) {
    this.world = world;
    this.database = database;
    this.feed = feed;
    this.agents = agents;
    this.catalogue = catalogue;
    this.assignments = assignments;
    this.links = links;
    this.owners = owners;
  }

  /// An agent that may act, and by which link its platform's name for it means it.
  public record Known(Id.Agent agent, Id.Link link) {}

  /// Whether the agent came by the word of a platform, and so has no credentials here.
  public static boolean isOne(Tx tx, Id.Agent agent) {
    return ForeignAgentStore.isOne(tx, agent);
  }

  /// The agent that an assertion is about, which is put on record when nobody knew it. Refuses
  /// `ASSERTION_INVALID` where the name is somebody else's than an agent's, and
  /// `PRINCIPAL_NOT_ACTIVE` when the issuer may make no more agents. Not to be called in a
  /// transaction.
  public Result<Known> met(AgentAssertion assertion) {
    var issuer = assertion.issuer().id();
    var earlier = links.find(issuer, assertion.sub());
    Result<Link> link =
        earlier.isPresent()
            ? ok(earlier.get())
            : database.inTransaction(
                tx -> {
                  var known = links.find(tx, issuer, assertion.sub());
                  return known.isPresent() ? ok(known.get()) : made(tx, assertion);
                });
    if (!(link instanceof Ok(var one))) {
      return link.refusal();
    }
    if (!(one.principal() instanceof Id.Agent agent)) {
      return refused(ASSERTION_INVALID, "the issuer's name is not one of an agent");
    }
    give(agent, assertion);
    return ok(new Known(agent, one.id()));
  }

  /// `known`, when it may act; refuses `PRINCIPAL_NOT_ACTIVE`, saying what has to happen first.
  public Result<Known> active(Known known) {
    if (agents.active(known.agent()) instanceof Ok) {
      return ok(known);
    }
    var state = agents.find(known.agent()).map(Agent::state).orElse(AgentState.RETIRED);
    return refused(
        PRINCIPAL_NOT_ACTIVE,
        state.isOpen()
            ? "it is on record as the agent %s, which is %s; it acts once it is active"
                .formatted(known.agent().text(), state.word())
            : "it was the agent %s, which is %s for good; its name makes no other"
                .formatted(known.agent().text(), state.word()));
  }

  private Result<Link> made(Tx tx, AgentAssertion assertion) {
    var issuer = assertion.issuer().id();
    int most = assertion.terms().agentsMax();
    if (ForeignAgentStore.count(tx, issuer) >= most) {
      return refused(
          PRINCIPAL_NOT_ACTIVE,
          "its issuer has made %d agents, as many as it may; agentsMax says so".formatted(most));
    }
    var discovered = discovered(tx, assertion);
    if (!(discovered instanceof Ok(var agent))) {
      return discovered.refusal();
    }
    ForeignAgentStore.insert(tx, agent.id(), issuer, world.now());
    return links.link(tx, issuer, issuer, assertion.sub(), agent.id());
  }

  /// A new agent of whoever answers for it by the terms. When those are gone since, it is one of
  /// whoever decides about discovered agents, and stays discovered.
  private Result<Agent> discovered(Tx tx, AgentAssertion assertion) {
    var issuer = assertion.issuer().id();
    var answerable = assertion.terms().answerable();
    if (answerable.isPresent()) {
      var pair = new OwnerPair(answerable.get().owner(), answerable.get().backupOwner());
      var owned = agents.discover(tx, issuer, described(assertion, pair));
      if (owned instanceof Ok(var agent)) {
        return assertion.terms().active() ? begun(tx, issuer, agent) : owned;
      }
    }
    return owners.of(tx) instanceof Ok(var pair)
        ? agents.discover(tx, issuer, described(assertion, pair))
        : refused(PRINCIPAL_NOT_ACTIVE, "nobody could decide about the agent");
  }

  /// The agent as one that acts at once, or as it is where it turns out that it can't.
  private Result<Agent> begun(Tx tx, Id.Issuer issuer, Agent agent) {
    var adopted = agents.transition(tx, issuer, agent.id(), AgentTransition.ADOPT, BY_TERMS);
    return adopted instanceof Ok
        ? agents.transition(tx, issuer, agent.id(), AgentTransition.ACTIVATE, BY_TERMS)
        : ok(agent);
  }

  private Agent described(AgentAssertion assertion, OwnerPair pair) {
    var purposes =
        assertion.terms().allPurposes().stream()
            .filter(one -> catalogue.purpose(one).isPresent())
            .toList();
    return new Agent(
        Id.Agent.random(world),
        name(assertion),
        "An agent of %s, which says what it is".formatted(assertion.issuer().name()),
        pair.owner(),
        pair.backup(),
        purposes,
        List.of(),
        Environment.PRODUCTION,
        Risk.HIGH,
        Optional.empty(),
        assertion.terms().bearerTokens(),
        AgentState.DISCOVERED,
        1);
  }

  /// What the platform calls it, as one line of what can be seen.
  private static String name(AgentAssertion assertion) {
    var said =
        assertion
            .name()
            .orElse("")
            .codePoints()
            .filter(c -> !Character.isISOControl(c) && Character.getType(c) != Character.FORMAT)
            .limit(NAME_MAX / 2)
            .mapToObj(Character::toString)
            .collect(Collectors.joining())
            .strip();
    return said.isEmpty() ? "An agent of " + assertion.issuer().name() : said;
  }

  /// Gives the agent what the assertion says it has and it never had. A role that is gone, or that
  /// excludes one it holds, it doesn't get.
  private void give(Id.Agent agent, AgentAssertion assertion) {
    if (agents.find(agent).filter(one -> OPEN.contains(one.state())).isEmpty()) {
      return;
    }
    var held = catalogue.rolesOf(agent, world.now()).stream().map(Role::id).toList();
    boolean isBehind = false;
    for (var role : assertion.roles()) {
      if (!held.contains(role) && catalogue.role(role).isPresent()) {
        isBehind |= hadBefore(agent, role) || !give(agent, role);
      }
    }
    if (isBehind) {
      // It was taken away, or somebody gave it at this moment and this node doesn't know yet.
      feed.catchUp();
    }
  }

  /// Gives it to the agent; false where the agent had it before.
  private boolean give(Id.Agent agent, Id.Role role) {
    var wanted = new RoleAssignments.Wanted(role, agent, Optional.empty());
    Result<Boolean> given =
        database.inTransaction(
            tx ->
                assignments.wasEverOf(tx, agent, role)
                    ? ok(false)
                    : assignments.give(tx, agent, wanted).map(_ -> true));
    return !(given instanceof Ok(var isNew)) || isNew;
  }

  private boolean hadBefore(Id.Agent agent, Id.Role role) {
    return database.<Boolean>read(tx -> assignments.wasEverOf(tx, agent, role));
  }
}
