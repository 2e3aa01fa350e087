package io.prokura.app;

import static io.prokura.kernel.Refusal.STATE_CONFLICT;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.clients.ClientAgents.OwnerPair;
import io.prokura.directory.Group;
import io.prokura.directory.Groups;
import io.prokura.directory.Users;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.World;
import io.prokura.sql.Tx;
import java.util.List;

/// Who decides about agents that were discovered: the operator, and the group `discovered-agents`,
/// which is made when the first is met. Whoever met one is not its owner, for an owner may give it
/// credentials.
final class DiscoveryOwners {
  private static final String GROUP = "discovered-agents";

  private final World world;
  private final Users users;
  private final Groups groups;

  DiscoveryOwners(World world, Users users, Groups groups) {
    this.world = world;
    this.users = users;
    this.groups = groups;
  }

  Result<OwnerPair> of(Tx tx) {
    var operator = users.findNamed(tx, Operator.NAME);
    if (operator.isEmpty()) {
      return refused(STATE_CONFLICT, "there is no operator");
    }
    var id = operator.get().id();
    var known = groups.findNamed(tx, GROUP);
    return known.isPresent()
        ? ok(new OwnerPair(id, known.get()))
        : groups
            .create(tx, id, new Group(Id.Group.random(world), GROUP, List.of(), 1))
            .map(made -> new OwnerPair(id, made.id()));
  }
}
