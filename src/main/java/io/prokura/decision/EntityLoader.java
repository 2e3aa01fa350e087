package io.prokura.decision;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.prokura.agents.Agent;
import io.prokura.agents.Agents;
import io.prokura.catalogue.Catalogue;
import io.prokura.catalogue.Purpose;
import io.prokura.catalogue.Resource;
import io.prokura.catalogue.Role;
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
import io.prokura.kernel.Heap;
import io.prokura.kernel.Id;
import io.prokura.kernel.World;
import io.prokura.policy.Uids;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Makes entities of what the registers hold in memory, as the built-in schema declares them. One
/// that did not change is made once.
final class EntityLoader {
  private static final int CACHED_MAX = 100_000;

  private final World world;
  private final Directory directory;
  private final Agents agents;
  private final Catalogue catalogue;
  private final Cache<EntityUid, Made> made =
      Caffeine.newBuilder().maximumSize(Heap.room(CACHED_MAX)).executor(Runnable::run).build();

  EntityLoader(World world, Directory directory, Agents agents, Catalogue catalogue) {
    this.world = world;
    this.directory = directory;
    this.agents = agents;
    this.catalogue = catalogue;
  }

  /// An entity and what it was made of: the state of the thing itself, and what else it shows.
  private record Made(Object of, Object besides, Entity entity) {

    @SuppressWarnings("ReferenceEquality")
    boolean isOf(Object state, Object other) {
      return of == state && besides.equals(other);
    }
  }

  /// What an entity shows of a principal besides its own state.
  private record Besides(List<Role> held, List<Id.Group> groups, boolean ownerActive) {}

  /// The entity of that name, when it is of a type of this server and registered.
  Optional<Entity> load(EntityUid uid) {
    return switch (uid.type().name()) {
      case "Prokura::User" -> Id.User.parse(uid.id()).flatMap(this::user);
      case "Prokura::Workload" -> Id.Workload.parse(uid.id()).flatMap(this::workload);
      case "Prokura::Agent" -> Id.Agent.parse(uid.id()).flatMap(this::agent);
      case "Prokura::Resource" -> catalogue.resourceAt(uid.id()).map(this::resource);
      default ->
          Uids.isBare(uid.type())
              ? Optional.of(new Entity(uid, Map.of(), Set.of()))
              : Optional.empty();
    };
  }

  /// The entity of a principal, if it is registered.
  Optional<Entity> load(Id.Principal principal) {
    return switch (principal) {
      case Id.User user -> user(user);
      case Id.Workload workload -> workload(workload);
      case Id.Agent agent -> agent(agent);
    };
  }

  private Optional<Entity> user(Id.User id) {
    return directory
        .user(id)
        .map(user -> made(Uids.of(id), user, besides(id, true), EntityLoader::user));
  }

  private Optional<Entity> workload(Id.Workload id) {
    return directory
        .workload(id)
        .map(
            workload ->
                made(
                    Uids.of(id),
                    workload,
                    besides(id, ownerActive(workload.owner())),
                    EntityLoader::workload));
  }

  private Optional<Entity> agent(Id.Agent id) {
    return agents
        .find(id)
        .map(
            agent -> {
              boolean answered = ownerActive(agent.owner()) || ownerActive(agent.backupOwner());
              return made(Uids.of(id), agent, besides(id, answered), this::agent);
            });
  }

  private Entity resource(Resource resource) {
    return made(
        Uids.resource(resource.identifier()), resource, Set.of(), (uid, one, _) -> of(uid, one));
  }

  /// Makes an entity of a state and what it shows besides.
  private interface Maker<S, B> {
    Entity make(EntityUid uid, S state, B besides);
  }

  private <S, B> Entity made(EntityUid uid, S state, B besides, Maker<S, B> maker) {
    var known = made.getIfPresent(uid);
    if (known != null && known.isOf(state, besides)) {
      return known.entity;
    }
    var entity = maker.make(uid, state, besides);
    made.put(uid, new Made(state, besides, entity));
    return entity;
  }

  private Besides besides(Id.Principal principal, boolean ownerActive) {
    var groups = principal instanceof Id.User user ? directory.groupsOf(user) : List.<Id.Group>of();
    return new Besides(catalogue.rolesOf(principal, world.now()), groups, ownerActive);
  }

  /// All that a principal is in: roles of the organisation, groups, and roles in management.
  private static Set<EntityUid> ancestors(Besides besides, Set<ManagementRole> roles) {
    var ancestors = new HashSet<EntityUid>();
    besides.held.forEach(role -> ancestors.add(Uids.role(role)));
    besides.groups.forEach(group -> ancestors.add(new EntityUid(Uids.GROUP, group.text())));
    roles.forEach(role -> ancestors.add(new EntityUid(Uids.MANAGEMENT_ROLE, role.word())));
    return ancestors;
  }

  /// Whether somebody answers: a group does as long as it exists.
  private boolean ownerActive(Id owner) {
    return !(owner instanceof Id.User user)
        || directory.user(user).filter(User::active).isPresent();
  }

  private static Entity user(EntityUid uid, User user, Besides besides) {
    return new Entity(
        uid,
        Map.of("active", BoolValue.of(user.active()), "userName", new StringValue(user.userName())),
        ancestors(besides, user.roles()));
  }

  private static Entity workload(EntityUid uid, Workload workload, Besides besides) {
    var attributes = new LinkedHashMap<String, Value>();
    attributes.put("active", BoolValue.of(workload.active()));
    attributes.put("name", new StringValue(workload.name()));
    attributes.put("ownerActive", BoolValue.of(besides.ownerActive));
    attributes.putAll(owners(List.of(workload.owner())));
    return new Entity(uid, attributes, ancestors(besides, workload.roles()));
  }

  private Entity agent(EntityUid uid, Agent agent, Besides besides) {
    var attributes = new LinkedHashMap<String, Value>();
    attributes.put("attested", BoolValue.FALSE);
    attributes.put("capabilities", texts(agent.capabilities()));
    attributes.put("environment", new StringValue(agent.environment().word()));
    attributes.put("ownerActive", BoolValue.of(besides.ownerActive));
    attributes.put("risk", new StringValue(agent.risk().word()));
    attributes.put("state", new StringValue(agent.state().word()));
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
    return new Entity(uid, attributes, ancestors(besides, Set.of()));
  }

  private static Entity of(EntityUid uid, Resource resource) {
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
}
