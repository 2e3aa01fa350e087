package io.prokura.catalogue;

import static io.prokura.kernel.Refusal.FIELD_INVALID;
import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Refusal.REFERENCE_UNKNOWN;
import static io.prokura.kernel.Refusal.ROLES_EXCLUSIVE;
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
import io.prokura.kernel.World;
import io.prokura.sql.Tx;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;

/// Gives roles to principals and groups and takes them away again, so that at every moment nobody
/// holds two roles of which one excludes the other. What has expired is not held.
public final class RoleAssignments {
  /// How many roles one principal may hold, through its groups too; as many assignments that are
  /// not revoked may one principal or group have, expired ones included.
  public static final int HELD_MAX = 100;

  private final World world;
  private final Feed feed;
  private final AuditLog audit;
  private final Directory directory;
  private final BiPredicate<Tx, Id.Agent> agentExists;

  /// `agentExists` tells whether an agent is registered: agents are none of the catalogue's words.
  public RoleAssignments(
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

  /// What is to be assigned: [RoleAssignment] before it has an id and a giver.
  public record Wanted(Id.Role role, Id holder, Optional<java.time.Instant> expiresAt) {}

  /// Assigns a role; refuses `REFERENCE_UNKNOWN` for a role or holder that there is not,
  /// `FIELD_INVALID` when it would have expired already, `ROLES_EXCLUSIVE` when somebody would hold
  /// two roles that exclude each other, and `STATE_CONFLICT` when somebody would hold more than
  /// [#HELD_MAX].
  public Result<RoleAssignment> give(Tx tx, Id.Principal by, Wanted wanted) {
    var now = world.now();
    if (wanted.expiresAt().filter(at -> !at.isAfter(now)).isPresent()) {
      return refused(FIELD_INVALID, "expiresAt is in the past");
    }
    if (RoleStore.find(tx, wanted.role()).isEmpty()) {
      return refused(REFERENCE_UNKNOWN, "there is no role " + wanted.role().text());
    }
    if (!exists(tx, wanted.holder())) {
      return refused(REFERENCE_UNKNOWN, "there is no holder " + wanted.holder().text());
    }
    var assignment =
        new RoleAssignment(
            Id.Assignment.random(world),
            wanted.role(),
            wanted.holder(),
            wanted.expiresAt(),
            new Permission.Given(by, now),
            Optional.empty(),
            1);
    RoleAssignmentStore.insert(tx, assignment);
    var sound = sound(tx, wanted.holder());
    if (!(sound instanceof Ok)) {
      return sound.refusal();
    }
    for (var user : members(tx, wanted.holder())) {
      var member = sound(tx, user);
      if (!(member instanceof Ok)) {
        return member.refusal();
      }
    }
    var event = event("role.assigned", by, assignment);
    assignment.expiresAt().ifPresent(at -> event.number("expiresAt", at.toEpochMilli()));
    return ok(changed(tx, assignment, event));
  }

  /// Takes an assignment away for ever; refuses `NOT_FOUND`, and `STATE_CONFLICT` when that has
  /// happened already.
  public Result<RoleAssignment> revoke(Tx tx, Id.Principal by, Id.Assignment id, String reason) {
    tx.makeUrgent();
    var found = RoleAssignmentStore.find(tx, id);
    if (found.isEmpty()) {
      return refused(NOT_FOUND, "there is no such assignment");
    }
    var how = new Permission.Revoked(by, world.now());
    if (!RoleAssignmentStore.revoke(tx, id, how)) {
      return refused(STATE_CONFLICT, "the assignment is revoked already");
    }
    var assignment = found.get().withRevoked(how);
    var event = event("role.unassigned", by, assignment).free("reason", reason);
    return ok(changed(tx, assignment, event));
  }

  /// `user`, when all the roles that `tx` sees it hold may be held together; refuses
  /// `ROLES_EXCLUSIVE` and `STATE_CONFLICT`. To be asked of everybody who joins a group.
  public Result<Id.User> admit(Tx tx, Id.User user) {
    return sound(tx, user).map(_ -> user);
  }

  /// Whether a role is assigned to this group.
  public boolean areOf(Tx tx, Id.Group group) {
    return !RoleAssignmentStore.of(tx, group.text(), "", 1).isEmpty();
  }

  /// Whether exactly this principal or group holds the role or has ever held it.
  public boolean wasEverOf(Tx tx, Id holder, Id.Role role) {
    return RoleAssignmentStore.wasEverOf(tx, holder, role);
  }

  public Optional<RoleAssignment> find(Tx tx, Id.Assignment id) {
    return RoleAssignmentStore.find(tx, id);
  }

  /// At most `count` assignments, revoked ones too, in the order of their ids, from the one after
  /// the text `after`.
  public List<RoleAssignment> page(Tx tx, String after, int count) {
    return RoleAssignmentStore.page(tx, after, count);
  }

  /// The same of the assignments to exactly this principal or group that are not revoked.
  public List<RoleAssignment> pageOf(Tx tx, Id holder, String after, int count) {
    return RoleAssignmentStore.of(tx, holder.text(), after, count);
  }

  private Result<Id> sound(Tx tx, Id holder) {
    var assignments = RoleAssignmentStore.heldBy(tx, holder.text());
    var own = assignments.stream().filter(one -> one.holder().equals(holder)).count();
    var held = new LinkedHashMap<Id.Role, Role>();
    for (var one : assignments) {
      if (one.expiresAt().isEmpty() || world.now().isBefore(one.expiresAt().get())) {
        held.computeIfAbsent(one.role(), id -> RoleStore.find(tx, id).orElseThrow());
      }
    }
    if (own > HELD_MAX || held.size() > HELD_MAX) {
      return refused(STATE_CONFLICT, holder.text() + " would hold more than " + HELD_MAX);
    }
    var named = held.values().stream().sorted(Comparator.comparing(Role::name)).toList();
    for (var one : named) {
      for (var other : named) {
        if (one.excludes(other)) {
          return refused(
              ROLES_EXCLUSIVE,
              "%s would hold %s and %s, which exclude each other"
                  .formatted(holder.text(), one.name(), other.name()));
        }
      }
    }
    return ok(holder);
  }

  private static List<Id.User> members(Tx tx, Id holder) {
    return holder instanceof Id.Group group ? RoleAssignmentStore.members(tx, group) : List.of();
  }

  private boolean exists(Tx tx, Id holder) {
    return switch (holder) {
      case Id.User user -> directory.existingUser(tx, user) instanceof Ok;
      case Id.Workload workload -> directory.existingWorkload(tx, workload) instanceof Ok;
      case Id.Agent agent -> agentExists.test(tx, agent);
      case Id.Group group -> directory.existingOwner(tx, group) instanceof Ok;
      default -> false;
    };
  }

  private static Event.Builder event(String type, Id.Principal by, RoleAssignment assignment) {
    return Event.about(type, assignment.id())
        .by(by)
        .reference("role", assignment.role())
        .reference("holder", assignment.holder());
  }

  private RoleAssignment changed(Tx tx, RoleAssignment assignment, Event.Builder event) {
    feed.publish(tx, Catalogue.ASSIGNMENT, assignment.holder().text());
    members(tx, assignment.holder())
        .forEach(user -> feed.publish(tx, Catalogue.ASSIGNMENT, user.text()));
    audit.append(tx, event.build());
    return assignment;
  }
}
