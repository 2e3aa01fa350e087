package io.prokura.policy;

import io.prokura.cedar.Authorizer;
import io.prokura.cedar.Entities;
import io.prokura.cedar.Entity;
import io.prokura.cedar.EntityType;
import io.prokura.cedar.EntityUid;
import io.prokura.cedar.Request;
import java.util.Collection;
import java.util.HashMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;

/// The policies of who may manage the server: a set of its own with a schema of its own, which
/// policies of an organisation cannot reach. Whatever it says, agents manage nothing.
public final class ManagementPolicies {
  public static final EntityType USER = new EntityType("Management::User");
  public static final EntityType WORKLOAD = new EntityType("Management::Workload");
  public static final EntityType AGENT = new EntityType("Management::Agent");
  public static final EntityType CLIENT = new EntityType("Management::Client");
  public static final EntityType DELEGATION = new EntityType("Management::Delegation");
  public static final EntityType APPROVAL = new EntityType("Management::Approval");
  public static final EntityType PURPOSE = new EntityType("Management::Purpose");
  public static final EntityType THING = new EntityType("Management::Thing");
  public static final EntityType GROUP = new EntityType("Management::Group");
  public static final EntityType ROLE = new EntityType("Management::Role");

  /// What an action that is about no one thing is done to.
  public static final EntityUid SERVER = EntityUid.of("Management::Server", "server");

  private static final EntityType ACTION = new EntityType("Management::Action");

  private final Supplier<PolicySnapshot> live;

  private ManagementPolicies(Supplier<PolicySnapshot> live) {
    this.live = live;
  }

  /// The set that comes with the program, for ever.
  public static ManagementPolicies builtIn() {
    var reader = new PolicyReader(PolicySetName.MANAGEMENT);
    var snapshot = reader.read(PolicySources.unpublished(PolicySetName.MANAGEMENT), 0);
    return of(() -> snapshot);
  }

  /// What is published on this node's database.
  public static ManagementPolicies of(PublishedSet published) {
    return of(published::current);
  }

  static ManagementPolicies of(Supplier<PolicySnapshot> live) {
    return new ManagementPolicies(live);
  }

  /// Every action of the management API, in the order of their names.
  public SortedSet<String> actions() {
    var names = new TreeSet<String>();
    live.get().schema().actions().values().stream()
        .filter(action -> !action.resources().isEmpty())
        .forEach(action -> names.add(action.uid().id()));
    return names;
  }

  /// Whether an action is done to one thing, which the path names.
  public boolean isAboutOne(String action) {
    return !live.get()
        .schema()
        .action(uid(action))
        .orElseThrow()
        .resources()
        .contains(SERVER.type());
  }

  /// Whether an action can be done to things of a type at all.
  public boolean applies(String action, EntityType resource) {
    return applies(live.get(), action, resource);
  }

  private static boolean applies(PolicySnapshot snapshot, String action, EntityType resource) {
    return snapshot
        .schema()
        .action(uid(action))
        .filter(one -> one.resources().contains(resource))
        .isPresent();
  }

  /// Whether `principal` may do this. Nobody may do what cannot be evaluated.
  public boolean allows(
      EntityUid principal, String action, EntityUid resource, Collection<Entity> entities) {
    var snapshot = live.get();
    if (principal.type().equals(AGENT) || !applies(snapshot, action, resource.type())) {
      return false;
    }
    var known = new HashMap<>(snapshot.entities());
    entities.forEach(entity -> known.put(entity.uid(), entity));
    var request = new Request(principal, uid(action), resource);
    var response = Authorizer.authorize(request, Entities.of(known.values()), snapshot.policies());
    return response.allowed() && response.errors().isEmpty();
  }

  private static EntityUid uid(String action) {
    return new EntityUid(ACTION, action);
  }
}
