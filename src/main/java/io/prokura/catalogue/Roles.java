package io.prokura.catalogue;

import static io.prokura.kernel.Refusal.DUPLICATE;
import static io.prokura.kernel.Refusal.FIELD_INVALID;
import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Refusal.PRECONDITION_STALE;
import static io.prokura.kernel.Refusal.REFERENCE_UNKNOWN;
import static io.prokura.kernel.Refusal.ROLES_EXCLUSIVE;
import static io.prokura.kernel.Refusal.STATE_CONFLICT;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.feed.Feed;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.World;
import io.prokura.sql.Tx;
import java.util.List;
import java.util.Optional;

/// Makes roles, changes them and takes them away. What a role gives changes for all who hold it
/// once the transaction has committed, on every node that is current.
public final class Roles {
  private final World world;
  private final Feed feed;
  private final AuditLog audit;

  public Roles(World world, Feed feed, AuditLog audit) {
    this.world = world;
    this.feed = feed;
    this.audit = audit;
  }

  /// Makes a role; refuses `DUPLICATE` when the name is taken, `REFERENCE_UNKNOWN` for a resource,
  /// action or role that there is not, and `FIELD_INVALID` for one that excludes itself.
  public Result<Role> create(Tx tx, Id.Principal by, Role role) {
    var sound = sound(tx, role);
    if (!(sound instanceof Ok)) {
      return sound;
    }
    return RoleStore.insert(tx, role)
        ? ok(changed(tx, by, "role.created", role))
        : refused(DUPLICATE, "the name is taken");
  }

  /// Writes `role` over the version it names; refuses what [#create] refuses, and `NOT_FOUND`,
  /// `PRECONDITION_STALE`, `FIELD_INVALID` for another name, and `ROLES_EXCLUSIVE` when somebody
  /// holds it together with one that it would exclude.
  public Result<Role> replace(Tx tx, Id.Principal by, Role role) {
    tx.makeUrgent();
    var found = RoleStore.find(tx, role.id());
    if (found.isEmpty()) {
      return refused(NOT_FOUND, "there is no such role");
    }
    var current = found.get();
    if (current.version() != role.version()) {
      return stale();
    }
    if (!current.name().equals(role.name())) {
      return refused(FIELD_INVALID, "name never changes; make another role");
    }
    var sound = sound(tx, role);
    if (!(sound instanceof Ok)) {
      return sound;
    }
    for (var other : role.excludes()) {
      var both = RoleAssignmentStore.holderOfBoth(tx, role.id(), other, world.now());
      if (both.isPresent()) {
        return refused(ROLES_EXCLUSIVE, both.get() + " holds it together with " + other.text());
      }
    }
    return RoleStore.update(tx, role)
        ? ok(changed(tx, by, "role.changed", role.withVersion(role.version() + 1)))
        : stale();
  }

  /// Takes the version `version` of a role away; refuses `NOT_FOUND`, `PRECONDITION_STALE`, and
  /// `STATE_CONFLICT` while an assignment of it is not revoked or another role excludes it.
  public Result<Role> delete(Tx tx, Id.Principal by, Id.Role id, long version) {
    var found = RoleStore.find(tx, id);
    if (found.isEmpty()) {
      return refused(NOT_FOUND, "there is no such role");
    }
    if (RoleAssignmentStore.isAssigned(tx, id)) {
      return refused(STATE_CONFLICT, "the role is assigned; revoke its assignments first");
    }
    if (RoleStore.page(tx, "", Integer.MAX_VALUE).stream()
        .anyMatch(role -> role.excludes().contains(id))) {
      return refused(STATE_CONFLICT, "another role excludes it");
    }
    if (!RoleStore.delete(tx, id, version)) {
      return stale();
    }
    feed.publish(tx, Catalogue.ROLE, id.text());
    audit.append(
        tx, Event.about("role.deleted", id).by(by).word("name", found.get().name()).build());
    return ok(found.get());
  }

  public Optional<Role> find(Tx tx, Id.Role id) {
    return RoleStore.find(tx, id);
  }

  /// At most `count` roles in the order of their ids, from the one after the text `after`.
  public List<Role> page(Tx tx, String after, int count) {
    return RoleStore.page(tx, after, count);
  }

  private static Result<Role> sound(Tx tx, Role role) {
    for (var one : role.permissions()) {
      var resource = ResourceStore.find(tx, one.resource());
      if (resource.isEmpty()) {
        return refused(REFERENCE_UNKNOWN, "there is no resource " + one.resource().text());
      }
      if (!one.actions().within(resource.get().scopes())) {
        return refused(
            REFERENCE_UNKNOWN,
            "the resource " + one.resource().text() + " has no such action among its actions");
      }
    }
    for (var other : role.excludes()) {
      if (other.equals(role.id())) {
        return refused(FIELD_INVALID, "excludes names the role itself");
      }
      if (RoleStore.find(tx, other).isEmpty()) {
        return refused(REFERENCE_UNKNOWN, "there is no role " + other.text());
      }
    }
    return ok(role);
  }

  private Role changed(Tx tx, Id.Principal by, String type, Role role) {
    feed.publish(tx, Catalogue.ROLE, role.id().text());
    audit.append(
        tx,
        Event.about(type, role.id())
            .by(by)
            .word("name", role.name())
            .value("permissions", Columns.allowed(role.permissions()))
            .references("excludes", role.excludes())
            .number("version", role.version())
            .free("description", role.description())
            .build());
    return role;
  }

  private static Result<Role> stale() {
    return refused(PRECONDITION_STALE, "the role has changed since that version");
  }
}
