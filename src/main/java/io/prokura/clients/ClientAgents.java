package io.prokura.clients;

import static io.prokura.kernel.Refusal.PRINCIPAL_NOT_ACTIVE;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.agents.Agent;
import io.prokura.agents.AgentState;
import io.prokura.agents.Agents;
import io.prokura.agents.Environment;
import io.prokura.agents.Risk;
import io.prokura.feed.Cached;
import io.prokura.feed.Feed;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.util.List;
import java.util.Optional;

/// Knows which applications are agents: those that registered themselves and then asked for what
/// agents use. Such an agent is discovered: it may act when somebody has adopted and activated it,
/// as any other. Its application's authentication is its proof; a public application has none, and
/// so its agent is unproven.
public final class ClientAgents {
  private static final String KIND = "client-agent";
  private static final int CACHED_MAX = 20_000;

  private final World world;
  private final Database database;
  private final Feed feed;
  private final Agents agents;
  private final Clients clients;
  private final Owners owners;
  private final Cached<Id.Agent> ofClients;
  private final Cached<Id.Client> ofAgents;

  public ClientAgents(
      World world, Database database, Feed feed, Agents agents, Clients clients, Owners owners) {
    this.world = world;
    this.database = database;
    this.feed = feed;
    this.agents = agents;
    this.clients = clients;
    this.owners = owners;
    ofClients =
        new Cached<>(
            feed, KIND, CACHED_MAX, id -> database.read(tx -> ClientAgentStore.agent(tx, id)));
    ofAgents =
        new Cached<>(
            feed, KIND, CACHED_MAX, id -> database.read(tx -> ClientAgentStore.client(tx, id)));
  }

  /// Says who decides about agents that nobody has adopted.
  @FunctionalInterface
  public interface Owners {
    /// Those who do; refuses what making them refuses.
    Result<OwnerPair> of(Tx tx);
  }

  /// Two different users or groups.
  public record OwnerPair(Id owner, Id backup) {}

  /// The agent that the application is, if it is one. From memory.
  public Optional<Id.Agent> of(Id.Client client) {
    return ofClients.get(client.text());
  }

  /// Whether the application is an agent.
  public boolean isOne(Tx tx, Id.Client client) {
    return ClientAgentStore.agent(tx, client.text()).isPresent();
  }

  /// Whether `principal` is an agent whose application can't prove itself. From memory.
  public boolean isUnproven(Id.Principal principal) {
    return principal instanceof Id.Agent
        && ofAgents
            .get(principal.text())
            .flatMap(clients::find)
            .filter(client -> client.registration().isPublic())
            .isPresent();
  }

  /// The agent that `client` is, which is put on record as discovered when it was not known before.
  /// Not to be called in a transaction.
  public Result<Id.Agent> enrolled(Client client) {
    var known = of(client.id());
    return known.isPresent()
        ? ok(known.get())
        : database.inTransaction(
            tx -> {
              var earlier = ClientAgentStore.agent(tx, client.id().text());
              return earlier.isPresent() ? ok(earlier.get()) : discovered(tx, client);
            });
  }

  private Result<Id.Agent> discovered(Tx tx, Client client) {
    var found = owners.of(tx);
    if (!(found instanceof Ok(var pair))) {
      return found.refusal();
    }
    var agent =
        new Agent(
            Id.Agent.random(world),
            client.name(),
            "An application that says what it is itself: " + client.calledItself(),
            pair.owner(),
            pair.backup(),
            List.of(),
            List.of(),
            Environment.PRODUCTION,
            Risk.HIGH,
            Optional.empty(),
            true,
            AgentState.DISCOVERED,
            1);
    return agents
        .discover(tx, client.id(), agent)
        .map(
            made -> {
              ClientAgentStore.insert(tx, client.id(), made.id());
              feed.publish(tx, KIND, client.id().text());
              feed.publish(tx, KIND, made.id().text());
              return made.id();
            });
  }

  /// The agent that `client` is, when it may act; refuses `PRINCIPAL_NOT_ACTIVE`, saying what has
  /// to happen first.
  public Result<Agent> active(Client client) {
    var enrolled = enrolled(client);
    if (!(enrolled instanceof Ok(var id))) {
      return enrolled.refusal();
    }
    return agents.active(id) instanceof Ok(var active)
        ? ok(active.agent())
        : refused(
            PRINCIPAL_NOT_ACTIVE,
            "the application is on record as the agent %s, which is %s; it acts once it is active"
                .formatted(id.text(), state(id)));
  }

  private String state(Id.Agent id) {
    return agents.find(id).map(agent -> agent.state().word()).orElse("unknown");
  }
}
