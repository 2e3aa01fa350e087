package io.prokura.decision;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.prokura.catalogue.Catalogue;
import io.prokura.catalogue.Resource;
import io.prokura.cedar.BoolValue;
import io.prokura.cedar.Entity;
import io.prokura.cedar.EntityUid;
import io.prokura.cedar.StringValue;
import io.prokura.kernel.Id;
import io.prokura.policy.Uids;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Finds what the registers hold in memory as entities, as the built-in schema declares them. One
/// that did not change is made once.
final class EntityLoader {
  private final Roster roster;
  private final Catalogue catalogue;
  private final Cache<Resource, Entity> resources =
      Caffeine.newBuilder().weakKeys().executor(Runnable::run).build();

  EntityLoader(Roster roster, Catalogue catalogue) {
    this.roster = roster;
    this.catalogue = catalogue;
  }

  /// The entity of that name, when it is of a type of this server and registered.
  Optional<Entity> load(EntityUid uid) {
    return switch (uid.type().name()) {
      case "Prokura::User" -> Id.User.parse(uid.id()).flatMap(this::load);
      case "Prokura::Workload" -> Id.Workload.parse(uid.id()).flatMap(this::load);
      case "Prokura::Agent" -> Id.Agent.parse(uid.id()).flatMap(this::load);
      case "Prokura::Resource" ->
          catalogue.resourceAt(uid.id()).map(one -> resources.get(one, EntityLoader::entity));
      default ->
          Uids.isBare(uid.type())
              ? Optional.of(new Entity(uid, Map.of(), Set.of()))
              : Optional.empty();
    };
  }

  /// The entity of a principal, if it is registered.
  Optional<Entity> load(Id.Principal principal) {
    return roster.find(principal).flatMap(Registered::entity);
  }

  private static Entity entity(Resource resource) {
    return new Entity(
        Uids.resource(resource.identifier()),
        Map.of(
            "agentFacing", BoolValue.of(resource.agentFacing()),
            "identifier", new StringValue(resource.identifier()),
            "name", new StringValue(resource.name())),
        Set.of());
  }
}
