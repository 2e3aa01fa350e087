package io.prokura.policy;

import io.prokura.catalogue.Resource;
import io.prokura.catalogue.Role;
import io.prokura.cedar.EntityType;
import io.prokura.cedar.EntityUid;
import io.prokura.kernel.Id;
import io.prokura.kernel.Scopes;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The names that things of this server have in policies.
public final class Uids {
  /// The namespace that only this server declares anything in.
  public static final String NAMESPACE = "Prokura";

  public static final EntityType USER = new EntityType("Prokura::User");
  public static final EntityType AGENT = new EntityType("Prokura::Agent");
  public static final EntityType WORKLOAD = new EntityType("Prokura::Workload");
  public static final EntityType GROUP = new EntityType("Prokura::Group");
  public static final EntityType ROLE = new EntityType("Prokura::Role");
  public static final EntityType MANAGEMENT_ROLE = new EntityType("Prokura::ManagementRole");
  public static final EntityType RESOURCE = new EntityType("Prokura::Resource");

  /// What is asked before a token is issued.
  public static final EntityUid OBTAIN_TOKEN = EntityUid.of("Prokura::Action", "obtain_token");

  private Uids() {}

  public static EntityUid of(Id.Principal principal) {
    return new EntityUid(type(principal), principal.text());
  }

  /// The type of the entity that a principal is.
  public static EntityType type(Id.Principal principal) {
    return switch (principal) {
      case Id.User _ -> USER;
      case Id.Agent _ -> AGENT;
      case Id.Workload _ -> WORKLOAD;
    };
  }

  /// A role of the organisation, by its name.
  public static EntityUid role(Role role) {
    return new EntityUid(ROLE, role.name());
  }

  /// Whether nothing is known of an entity of this type but that others are in it.
  public static boolean isBare(EntityType type) {
    return type.equals(GROUP) || type.equals(ROLE) || type.equals(MANAGEMENT_ROLE);
  }

  /// Whether entities of this type are read from the registers and tell something.
  public static boolean isRegistered(EntityType type) {
    return type.equals(USER)
        || type.equals(AGENT)
        || type.equals(WORKLOAD)
        || type.equals(RESOURCE);
  }

  /// The registered resource with this identifier.
  public static EntityUid resource(String identifier) {
    return new EntityUid(RESOURCE, identifier);
  }

  /// The action of that name on objects of a type: it is in the namespace that the type is in.
  public static EntityUid action(EntityType objects, String name) {
    return new EntityUid(objects.actions(), name);
  }

  /// Actions on objects of a resource, between commas: each in every namespace that a type of its
  /// objects is in.
  static String actions(Resource resource, Scopes actions) {
    var types =
        resource.types().isEmpty()
            ? Stream.of(new EntityType("Action"))
            : resource.types().stream().map(type -> new EntityType(type).actions());
    return types
        .distinct()
        .sorted()
        .flatMap(type -> actions.values().stream().map(name -> new EntityUid(type, name)))
        .map(EntityUid::toString)
        .collect(Collectors.joining(", "));
  }

  /// Whether something of this type is declared by this server, so that no organisation may.
  static boolean isOwn(EntityType type) {
    return isOwn(type.name());
  }

  /// The same for the full name of a type.
  static boolean isOwn(String name) {
    return name.startsWith(NAMESPACE + "::") || name.startsWith("Management::");
  }
}
