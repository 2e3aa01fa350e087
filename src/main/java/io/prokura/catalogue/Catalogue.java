package io.prokura.catalogue;

import io.prokura.directory.Directory;
import io.prokura.feed.Cached;
import io.prokura.feed.Feed;
import io.prokura.kernel.Id;
import io.prokura.kernel.Scopes;
import io.prokura.sql.Database;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// The catalogue as the rest of the server reads it: from memory, kept fresh by the change feed.
/// Resources, purposes and roles are held whole, as immutable snapshots; permissions and assigned
/// roles by principal.
public final class Catalogue {
  static final String RESOURCE = "resource";
  static final String PURPOSE = "purpose";

  /// The kind of change that says of a principal that its permissions have changed.
  public static final String PERMISSION = "permission";

  /// The same of what roles it is assigned.
  public static final String ASSIGNMENT = "assignment";

  /// The kind of change that says of a role that it has changed.
  public static final String ROLE = "role";

  private static final int PRINCIPALS_CACHED_MAX = 110_000;

  private final Database database;
  private final AtomicReference<ResourceSnapshot> resources;
  private final AtomicReference<PurposeSnapshot> purposes;
  private final AtomicReference<Map<Id.Role, Role>> roles;
  private final Cached<Holdings> holdings;

  public Catalogue(Database database, Feed feed) {
    this.database = database;
    resources = new AtomicReference<>(ResourceSnapshot.of(List.of()));
    purposes = new AtomicReference<>(PurposeSnapshot.of(List.of()));
    roles = new AtomicReference<>(Map.of());
    holdings = new Cached<>(feed, PERMISSION, PRINCIPALS_CACHED_MAX, id -> Optional.of(heldBy(id)));
    holdings.forgetAlsoOn(feed, ASSIGNMENT);
    holdings.forgetAlsoOn(feed, Directory.MEMBERSHIP);
    feed.follow(ROLE, _ -> readRoles());
    feed.follow(RESOURCE, _ -> readResources());
    feed.follow(PURPOSE, _ -> readPurposes());
    readResources();
    readPurposes();
    readRoles();
  }

  private record ResourceSnapshot(
      Map<Id.Resource, Resource> byId,
      Map<String, Resource> byIdentifier,
      Map<String, Resource> byType,
      Map<Id.Workload, List<Resource>> byEnforcer) {

    static ResourceSnapshot of(List<Resource> all) {
      var byId = new HashMap<Id.Resource, Resource>();
      var byIdentifier = new HashMap<String, Resource>();
      var byType = new HashMap<String, Resource>();
      var byEnforcer = new HashMap<Id.Workload, List<Resource>>();
      for (var resource : all) {
        byId.put(resource.id(), resource);
        byIdentifier.put(resource.identifier(), resource);
        resource.ownTypes().forEach(type -> byType.put(type, resource));
        resource
            .enforcers()
            .forEach(one -> byEnforcer.computeIfAbsent(one, _ -> new ArrayList<>()).add(resource));
      }
      byEnforcer.replaceAll((_, some) -> List.copyOf(some));
      return new ResourceSnapshot(byId, byIdentifier, byType, byEnforcer);
    }
  }

  private record PurposeSnapshot(Map<Id.Purpose, Purpose> byId, Map<String, Purpose> byName) {

    static PurposeSnapshot of(List<Purpose> all) {
      var byId = new HashMap<Id.Purpose, Purpose>();
      var byName = new HashMap<String, Purpose>();
      for (var purpose : all) {
        byId.put(purpose.id(), purpose);
        byName.put(purpose.name(), purpose);
      }
      return new PurposeSnapshot(byId, byName);
    }
  }

  public Optional<Resource> resource(Id.Resource id) {
    return Optional.ofNullable(resources.get().byId.get(id));
  }

  /// At most `count` resources in the order of their ids, from the one after the text `after`.
  public List<Resource> resources(String after, int count) {
    return resources.get().byId.values().stream()
        .filter(resource -> resource.id().text().compareTo(after) > 0)
        .sorted(Comparator.comparing(resource -> resource.id().text()))
        .limit(count)
        .toList();
  }

  /// The resource registered under exactly this identifier.
  public Optional<Resource> resourceAt(String identifier) {
    return Optional.ofNullable(resources.get().byIdentifier.get(identifier));
  }

  /// The only resource whose objects are of this entity type; none for a type that is shared.
  public Optional<Resource> resourceOfType(String type) {
    return Optional.ofNullable(resources.get().byType.get(type));
  }

  /// The resources a principal may ask about as their enforcer.
  public List<Resource> enforcedBy(Id.Principal principal) {
    return principal instanceof Id.Workload workload
        ? resources.get().byEnforcer.getOrDefault(workload, List.of())
        : List.of();
  }

  public Optional<Purpose> purpose(Id.Purpose id) {
    return Optional.ofNullable(purposes.get().byId.get(id));
  }

  public Optional<Purpose> purposeNamed(String name) {
    return Optional.ofNullable(purposes.get().byName.get(name));
  }

  /// The actions on a resource that a purpose covers, whether in force or not; none for a purpose
  /// nobody knows.
  public Scopes covered(Id.Purpose purpose, Id.Resource resource) {
    return purpose(purpose).map(one -> one.covered(resource)).orElse(Scopes.NONE);
  }

  /// Whether `child` is `parent` or registered as narrower than it, directly or through others.
  public boolean narrowerOrSame(Id.Purpose child, Id.Purpose parent) {
    var snapshot = purposes.get();
    var current = Optional.ofNullable(snapshot.byId.get(child));
    for (int i = 0; i < Purposes.DEPTH_MAX && current.isPresent(); i++) {
      if (current.get().id().equals(parent)) {
        return true;
      }
      current = current.get().broader().flatMap(id -> Optional.ofNullable(snapshot.byId.get(id)));
    }
    return false;
  }

  /// The permissions of a principal that are not revoked; some may have expired.
  public List<Permission> permissionsOf(Id.Principal principal) {
    return holdings(principal).permissions();
  }

  /// All that a principal holds by permissions and through roles, its groups' too; some may have
  /// expired. The same list again while nothing it comes from changes. It is bounded by
  /// [Permissions#HELD_MAX] permissions, and [RoleAssignments#HELD_MAX] roles of
  /// [Role#ITEMS_MAX] permissions.
  public List<Entitlement> entitlementsOf(Id.Principal principal) {
    return holdings(principal).all(roles.get());
  }

  /// The roles that a principal holds at `now`, through its groups too.
  public List<Role> rolesOf(Id.Principal principal, Instant now) {
    return holdings(principal).at(now, roles.get());
  }

  /// Until when a principal holds the roles that it holds at `now`, unless one is taken away.
  public Instant rolesUntil(Id.Principal principal, Instant now) {
    return holdings(principal).until(now);
  }

  public Optional<Role> role(Id.Role id) {
    return Optional.ofNullable(roles.get().get(id));
  }

  /// The actions on `resource` that a principal holds at `now`; see [Entitlement#actions].
  public Scopes permitted(
      Id.Principal principal, Id.Resource resource, Instant now, boolean delegated) {
    return Entitlement.actions(entitlementsOf(principal), resource, now, delegated);
  }

  /// The same of nothing but what it holds through some of `roles`.
  public Scopes permittedBy(
      Collection<Id.Role> roles,
      Id.Principal principal,
      Id.Resource resource,
      Instant now,
      boolean delegated) {
    var held =
        entitlementsOf(principal).stream()
            .filter(
                one ->
                    one instanceof RoleEntitlement(var role, _, _, _) && roles.contains(role.id()))
            .toList();
    return Entitlement.actions(held, resource, now, delegated);
  }

  /// The time until which it holds `actions`; see [Entitlement#until].
  public Instant permittedUntil(
      Id.Principal principal,
      Id.Resource resource,
      Instant now,
      boolean delegated,
      Scopes actions) {
    return Entitlement.until(entitlementsOf(principal), resource, now, delegated, actions);
  }

  private Holdings holdings(Id.Principal principal) {
    return holdings.get(principal.text()).orElseThrow();
  }

  private Holdings heldBy(String principal) {
    return database.read(
        tx ->
            new Holdings(
                PermissionStore.heldBy(tx, principal, "", Permissions.HELD_MAX),
                RoleAssignmentStore.heldBy(tx, principal),
                principal.startsWith("usr_")));
  }

  private synchronized void readRoles() {
    var all = new HashMap<Id.Role, Role>();
    database
        .read(tx -> RoleStore.page(tx, "", Integer.MAX_VALUE))
        .forEach(role -> all.put(role.id(), role));
    roles.set(Map.copyOf(all));
  }

  /// Reading and setting are one step, so that no older state replaces a newer one.
  private synchronized void readResources() {
    resources.set(
        ResourceSnapshot.of(database.read(tx -> ResourceStore.page(tx, "", Integer.MAX_VALUE))));
  }

  private synchronized void readPurposes() {
    purposes.set(
        PurposeSnapshot.of(database.read(tx -> PurposeStore.page(tx, "", Integer.MAX_VALUE))));
  }
}
