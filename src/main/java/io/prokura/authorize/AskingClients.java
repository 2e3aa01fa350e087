package io.prokura.authorize;

import io.prokura.agents.Agents;
import io.prokura.clients.Client;
import io.prokura.clients.Clients;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result.Ok;
import java.util.Optional;

/// Finds whoever may ask people for something, by their OAuth client id.
public final class AskingClients {
  private final Clients clients;
  private final Agents agents;

  public AskingClients(Clients clients, Agents agents) {
    this.clients = clients;
    this.agents = agents;
  }

  /// The application or agent, where it is active. A workload asks nobody.
  public Optional<AskingClient> active(String clientId) {
    var agent = Id.Agent.parse(clientId);
    if (agent.isPresent()) {
      return agents.active(agent.get()) instanceof Ok(var active)
          ? Optional.of(new AskingClient.Itself(active.agent()))
          : Optional.empty();
    }
    return Id.Client.parse(clientId)
        .flatMap(clients::find)
        .filter(Client::active)
        .map(AskingClient.Application::new);
  }

  /// What people call it, active or not; empty where it was never registered.
  public String name(String clientId) {
    return Id.Agent.parse(clientId)
        .flatMap(agents::find)
        .map(agent -> agent.name())
        .or(() -> Id.Client.parse(clientId).flatMap(clients::find).map(Client::name))
        .orElse("");
  }
}
