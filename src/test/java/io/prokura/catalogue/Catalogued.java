package io.prokura.catalogue;

import io.prokura.directory.Registers;
import io.prokura.jose.Algorithm;
import io.prokura.kernel.Id;
import io.prokura.kernel.Scopes;
import io.prokura.sql.Database;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The catalogue wired over one database and directory, where the agents in `agents` exist.
final class Catalogued implements AutoCloseable {
  final Registers all;
  final List<Id.Agent> agents = new ArrayList<>();
  final Catalogue catalogue;
  final Resources resources;
  final Purposes purposes;
  final Permissions permissions;
  final Id.User owner;

  Catalogued(Database database) {
    all = new Registers(database);
    catalogue = new Catalogue(database, all.feed);
    resources = new Resources(all.world, all.feed, all.audit, all.directory, (_, _) -> {});
    purposes = new Purposes(all.feed, all.audit, all.directory);
    permissions =
        new Permissions(
            all.world, all.feed, all.audit, all.directory, (_, agent) -> agents.contains(agent));
    owner = all.user("owner").id();
  }

  @Override
  public void close() {
    all.close();
  }

  Id.Agent agent() {
    var agent = Id.Agent.random(all.world);
    agents.add(agent);
    return agent;
  }

  /// A resource that is not registered yet, with these actions and no types.
  Resource draft(String... actions) {
    return new Resource(
        Id.Resource.random(all.world),
        "https://" + all.fresh("api") + ".example/mcp",
        "An API",
        List.of(),
        actions(actions),
        true,
        PersonRights.CHECKED,
        Algorithm.ES256,
        List.of(),
        List.of(),
        1);
  }

  Resource resource(String... actions) {
    var draft = draft(actions);
    return all.done(tx -> resources.register(tx, all.admin, draft));
  }

  static List<Action> actions(String... names) {
    return Arrays.stream(names)
        .map(name -> new Action(name, Sensitivity.LOW, true, "does " + name))
        .toList();
  }

  static Resource withActions(Resource resource, String... names) {
    return new Resource(
        resource.id(),
        resource.identifier(),
        resource.name(),
        resource.types(),
        actions(names),
        resource.agentFacing(),
        resource.personRights(),
        resource.tokenAlgorithm(),
        resource.enforcers(),
        resource.asserts(),
        resource.version());
  }

  static Resource withTypes(Resource resource, String... types) {
    return new Resource(
        resource.id(),
        resource.identifier(),
        resource.name(),
        List.of(types),
        resource.actions(),
        resource.agentFacing(),
        resource.personRights(),
        resource.tokenAlgorithm(),
        resource.enforcers(),
        resource.asserts(),
        resource.version());
  }

  /// A purpose that is not registered yet.
  Purpose purposeDraft(Optional<Id.Purpose> broader, Coverage... covers) {
    return new Purpose(
        Id.Purpose.random(all.world),
        all.fresh("support.triage"),
        "sorts tickets",
        owner,
        "contract",
        List.of("contact"),
        List.of(covers),
        broader,
        Optional.empty(),
        1);
  }

  Purpose purpose(Optional<Id.Purpose> broader, Coverage... covers) {
    var draft = purposeDraft(broader, covers);
    return all.done(tx -> purposes.register(tx, all.admin, draft));
  }

  static Coverage cover(Resource resource, String... actions) {
    return new Coverage(resource.id(), new Scopes(List.of(actions)));
  }

  Permission permission(
      Id.Principal principal, Resource resource, PermissionMode mode, String... actions) {
    var wanted =
        new Permissions.Wanted(
            principal, resource.id(), new Scopes(List.of(actions)), mode, Optional.empty());
    return all.done(tx -> permissions.give(tx, all.admin, wanted));
  }
}
