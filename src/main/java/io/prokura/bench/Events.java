package io.prokura.bench;

import io.prokura.audit.Event;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Scopes;
import io.prokura.kernel.World;
import java.util.List;
import java.util.stream.Stream;

/// Makes events that say as much as that of a delegated token does.
record Events(World world, List<Id.User> people, List<Id.Agent> agents) {
  private static final int PEOPLE = 100;
  private static final int AGENTS = 1_000;

  /// About agents and people that are drawn now.
  static Events drawn(World world) {
    return new Events(
        world,
        Stream.generate(() -> Id.User.random(world)).limit(PEOPLE).toList(),
        Stream.generate(() -> Id.Agent.random(world)).limit(AGENTS).toList());
  }

  Event issued(int i) {
    var agent = agents.get(i % agents.size());
    return Event.about("token.issued", Id.Token.next(world))
        .by(agent)
        .reference("credential", Id.Credential.random(world))
        .word("grant", "use_delegation")
        .reference("subject", people.get(i % people.size()))
        .references("actors", List.of(agent))
        .word("audience", "https://crm.example/")
        .scopes(Scopes.of(List.of("tickets.read", "tickets.write")))
        .references("delegations", List.of(Id.Delegation.random(world)))
        .number("cut", 1)
        .number("expiresAt", world.now().getEpochSecond() + 300)
        .free("source", "127.0.0.1")
        .reference("purpose", Id.Purpose.random(world))
        .value(
            "operands",
            Json.object()
                .put("asked", "tickets.read")
                .put("principal 0", "tickets.read tickets.write")
                .put("principal 1", "tickets.read")
                .put("purpose support.triage", "tickets.read tickets.write")
                .build())
        .build();
  }
}
