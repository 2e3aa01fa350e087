package io.prokura.clients;

import io.prokura.kernel.Id;
import io.prokura.sql.Tx;
import java.util.Optional;

/// The SQL of [ClientAgents].
final class ClientAgentStore {
  private ClientAgentStore() {}

  static void insert(Tx tx, Id.Client client, Id.Agent agent) {
    tx.run("INSERT INTO client_agent (client_id, agent_id) VALUES (?, ?)", client, agent);
  }

  static Optional<Id.Agent> agent(Tx tx, String client) {
    return tx.one(
        "SELECT agent_id FROM client_agent WHERE client_id = ?",
        row -> new Id.Agent(row.text(1)),
        client);
  }

  static Optional<Id.Client> client(Tx tx, String agent) {
    return tx.one(
        "SELECT client_id FROM client_agent WHERE agent_id = ?",
        row -> new Id.Client(row.text(1)),
        agent);
  }
}
