package io.prokura.catalogue;

import static io.prokura.kernel.Refusal.FIELD_INVALID;
import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Refusal.REFERENCE_UNKNOWN;
import static io.prokura.kernel.Refusal.STATE_CONFLICT;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.directory.Directory;
import io.prokura.feed.Feed;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Scopes;
import io.prokura.kernel.World;
import io.prokura.sql.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;

/// Gives permissions to principals and takes them away again. What is taken away counts no more
/// once the transaction has committed, on every node that is current.
public final class Permissions {
  /// How many permissions one principal may hold, expired ones included until they are revoked.
  public static final int HELD_MAX = 1_000;

  private final World world;
  private final Feed feed;
  private final AuditLog audit;
  private final Directory directory;
  private final BiPredicate<Tx, Id.Agent> agentExists;

  /// `agentExists` tells whether an agent is registered: agents are none of the catalogue's words.
  public Permissions(
      World world,
      Feed feed,
      AuditLog audit,
      Directory directory,
      BiPredicate<Tx, Id.Agent> agentExists) {
    this.world = world;
    this.feed = feed;
    this.audit = audit;
    this.directory = directory;
    this.agentExists = agentExists;
  }

  /// What is to be given: [Permission] before it has an id and a giver.
  public record Wanted(
      Id.Principal principal,
      Id.Resource resource,
      Scopes actions,
      PermissionMode mode,
      Optional<Instant> expiresAt) {}

  /// Gives a permission; refuses `REFERENCE_UNKNOWN` for a principal, resource or action that there
  /// is not, `FIELD_INVALID` when it would have expired already or a person is to act on somebody's
  /// behalf, and `STATE_CONFLICT` when the principal holds [#HELD_MAX] already.
  public Result<Permission> give(Tx tx, Id.Principal by, Wanted wanted) {
    if (wanted.actions().isEmpty()) {
      return refused(FIELD_INVALID, "actions names at least one action");
    }
    if (wanted.principal() instanceof Id.User && wanted.mode() != PermissionMode.OWN) {
      return refused(FIELD_INVALID, "mode of a person's permission is own");
    }
    var now = world.now();
    if (wanted.expiresAt().filter(at -> !at.isAfter(now)).isPresent()) {
      return refused(FIELD_INVALID, "expiresAt is in the past");
    }
    if (!exists(tx, wanted.principal())) {
      return refused(REFERENCE_UNKNOWN, "there is no principal " + wanted.principal().text());
    }
    var resource = ResourceStore.find(tx, wanted.resource());
    if (resource.isEmpty()) {
      return refused(REFERENCE_UNKNOWN, "there is no resource " + wanted.resource().text());
    }
    if (!wanted.actions().within(resource.get().scopes())) {
      return refused(REFERENCE_UNKNOWN, "the resource has not all of these actions");
    }
    if (PermissionStore.countHeldBy(tx, wanted.principal()) >= HELD_MAX) {
      return refused(
          STATE_CONFLICT, "the principal holds " + HELD_MAX + " permissions; revoke some first");
    }
    var permission =
        new Permission(
            Id.Permission.random(world),
            wanted.principal(),
            wanted.resource(),
            wanted.actions(),
            wanted.mode(),
            wanted.expiresAt(),
            new Permission.Given(by, now),
            Optional.empty(),
            1);
    PermissionStore.insert(tx, permission);
    var event = event("permission.given", by, permission).word("mode", permission.mode().word());
    permission.expiresAt().ifPresent(at -> event.number("expiresAt", at.toEpochMilli()));
    return ok(changed(tx, permission, event));
  }

  /// Takes a permission away for ever; refuses `NOT_FOUND`, and `STATE_CONFLICT` when that has
  /// happened already.
  public Result<Permission> revoke(Tx tx, Id.Principal by, Id.Permission id, String reason) {
    tx.makeUrgent();
    var found = PermissionStore.find(tx, id);
    if (found.isEmpty()) {
      return refused(NOT_FOUND, "there is no such permission");
    }
    var how = new Permission.Revoked(by, world.now());
    if (!PermissionStore.revoke(tx, id, how)) {
      return refused(STATE_CONFLICT, "the permission is revoked already");
    }
    var permission = found.get().withRevoked(how);
    var event = event("permission.revoked", by, permission).free("reason", reason);
    return ok(changed(tx, permission, event));
  }

  public Optional<Permission> find(Tx tx, Id.Permission id) {
    return PermissionStore.find(tx, id);
  }

  /// At most `count` permissions, revoked ones too, in the order of their ids, from the one after
  /// the text `after`.
  public List<Permission> page(Tx tx, String after, int count) {
    return PermissionStore.page(tx, after, count);
  }

  /// The same of the permissions of one principal that are not revoked.
  public List<Permission> pageOf(Tx tx, Id.Principal principal, String after, int count) {
    return PermissionStore.heldBy(tx, principal.text(), after, count);
  }

  private boolean exists(Tx tx, Id.Principal principal) {
    return switch (principal) {
      case Id.User user -> directory.existingUser(tx, user) instanceof Ok;
      case Id.Workload workload -> directory.existingWorkload(tx, workload) instanceof Ok;
      case Id.Agent agent -> agentExists.test(tx, agent);
    };
  }

  private static Event.Builder event(String type, Id.Principal by, Permission permission) {
    return Event.about(type, permission.id())
        .by(by)
        .reference("principal", permission.principal())
        .reference("resource", permission.resource())
        .words("actions", permission.actions().values());
  }

  private Permission changed(Tx tx, Permission permission, Event.Builder event) {
    feed.publish(tx, Catalogue.PERMISSION, permission.principal().text());
    audit.append(tx, event.build());
    return permission;
  }
}
