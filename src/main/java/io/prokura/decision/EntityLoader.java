package io.prokura.decision;

import io.prokura.agents.Agent;
import io.prokura.agents.Agents;
import io.prokura.catalogue.Catalogue;
import io.prokura.catalogue.Purpose;
import io.prokura.catalogue.Resource;
import io.prokura.cedar.BoolValue;
import io.prokura.cedar.DateTime;
import io.prokura.cedar.Entity;
import io.prokura.cedar.EntityUid;
import io.prokura.cedar.SetValue;
import io.prokura.cedar.StringValue;
import io.prokura.cedar.Value;
import io.prokura.directory.Directory;
import io.prokura.directory.ManagementRole;
import io.prokura.directory.User;
import io.prokura.directory.Workload;
import io.prokura.kernel.Id;
import io.prokura.policy.Uids;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Makes entities of what the registers hold in memory, as the built-in schema declares them.
final class EntityLoader {
  private final Directory directory;
  private final Agents agents;
  private final Catalogue catalogue;

  EntityLoader(Directory directory, Agents agents, Catalogue catalogue) {
    this.directory = directory;
    this.agents = agents;
    this.catalogue = catalogue;
  }

  /// The entity of that name, when it is of a type of this server and registered.
  Optional<Entity> load(EntityUid uid) {
    return switch (uid.type().name()) {
      case "Prokura::User" ->
          Id.User.parse(uid.id()).flatMap(directory::user).map(user -> user(uid, user));
      case "Prokura::Workload" ->
          Id.Workload.parse(uid.id())
              .flatMap(directory::workload)
              .map(workload -> workload(uid, workload));
      case "Prokura::Agent" ->
          Id.Agent.parse(uid.id()).flatMap(agents::find).map(agent -> agent(uid, agent));
      case "Prokura::Resource" ->
          catalogue.resourceAt(uid.id()).map(resource -> resource(uid, resource));
      case "Prokura::Group", "Prokura::Role" -> Optional.of(new Entity(uid, Map.of(), Set.of()));
      default -> Optional.empty();
    };
  }

  private Entity user(EntityUid uid, User user) {
    var ancestors = roles(user.roles());
    directory
        .groupsOf(user.id())
        .forEach(group -> ancestors.add(new EntityUid(Uids.GROUP, group.text())));
    return new Entity(
        uid,
        Map.of("active", BoolValue.of(user.active()), "userName", new StringValue(user.userName())),
        ancestors);
  }

  private static Entity workload(EntityUid uid, Workload workload) {
    var attributes = new LinkedHashMap<String, Value>();
    attributes.put("active", BoolValue.of(workload.active()));
    attributes.put("name", new StringValue(workload.name()));
    attributes.putAll(owners(List.of(workload.owner())));
    return new Entity(uid, attributes, roles(workload.roles()));
  }

  private Entity agent(EntityUid uid, Agent agent) {
    var attributes = new LinkedHashMap<String, Value>();
    attributes.put("capabilities", texts(agent.capabilities()));
    attributes.put("environment", new StringValue(agent.environment().word()));
    attributes.put("risk", new StringValue(agent.risk().word()));
    attributes.put(
        "purposes",
        texts(
            agent.purposes().stream()
                .map(catalogue::purpose)
                .flatMap(Optional::stream)
                .map(Purpose::name)
                .toList()));
    attributes.putAll(owners(List.of(agent.owner(), agent.backupOwner())));
    agent.validUntil().ifPresent(until -> attributes.put("validUntil", DateTime.of(until)));
    return new Entity(uid, attributes, Set.of());
  }

  private static Entity resource(EntityUid uid, Resource resource) {
    return new Entity(
        uid,
        Map.of(
            "agentFacing", BoolValue.of(resource.agentFacing()),
            "identifier", new StringValue(resource.identifier()),
            "name", new StringValue(resource.name())),
        Set.of());
  }

  private static Map<String, Value> owners(List<Id> owners) {
    var users = new ArrayList<EntityUid>();
    var groups = new ArrayList<EntityUid>();
    for (var owner : owners) {
      switch (owner) {
        case Id.User user -> users.add(Uids.of(user));
        case Id.Group group -> groups.add(new EntityUid(Uids.GROUP, group.text()));
        default -> throw new IllegalStateException("an owner that is no user and no group");
      }
    }
    return Map.of("ownerUsers", SetValue.of(users), "ownerGroups", SetValue.of(groups));
  }

  private static SetValue texts(List<String> texts) {
    return SetValue.of(texts.stream().map(StringValue::new).toList());
  }

  private static Set<EntityUid> roles(Set<ManagementRole> roles) {
    var uids = new HashSet<EntityUid>();
    roles.forEach(role -> uids.add(new EntityUid(Uids.ROLE, role.word())));
    return uids;
  }
}
