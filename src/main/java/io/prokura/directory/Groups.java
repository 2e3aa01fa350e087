package io.prokura.directory;

import static io.prokura.kernel.Refusal.DUPLICATE;
import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Refusal.PRECONDITION_STALE;
import static io.prokura.kernel.Refusal.REFERENCE_UNKNOWN;
import static io.prokura.kernel.Refusal.STATE_CONFLICT;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.feed.Feed;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.sql.Tx;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;

/// Makes groups, changes them and takes them away. A group that owns something stays.
public final class Groups {
  private final Feed feed;
  private final AuditLog audit;
  private final List<BiPredicate<Tx, Id.Group>> owning;
  private final List<Admission> admissions;

  /// Says of a user who has just become a member whether that may stand; a refusal undoes it.
  public interface Admission {
    Result<Id.User> admit(Tx tx, Id.User user);
  }

  /// `owning` tells of a group whether it owns something of another feature's.
  public Groups(
      Feed feed,
      AuditLog audit,
      List<BiPredicate<Tx, Id.Group>> owning,
      List<Admission> admissions) {
    this.admissions = List.copyOf(admissions);
    this.feed = feed;
    this.audit = audit;
    this.owning = List.copyOf(owning);
  }

  /// Makes a group; refuses `DUPLICATE` when the name is taken, `REFERENCE_UNKNOWN` for a member
  /// who is not a user, and what an [Admission] refuses.
  public Result<Group> create(Tx tx, Id.Principal by, Group group) {
    var unknown = Directory.unknown(tx, group.members());
    if (unknown.isPresent()) {
      return unknown(unknown.get());
    }
    if (!GroupStore.insert(tx, group)) {
      return duplicate();
    }
    return changed(tx, by, "group.created", group, group.members(), List.of());
  }

  /// Writes `group` over the version it names; refuses `NOT_FOUND`, `PRECONDITION_STALE`,
  /// `DUPLICATE`, `REFERENCE_UNKNOWN` and what an [Admission] refuses.
  public Result<Group> replace(Tx tx, Id.Principal by, Group group) {
    var found = GroupStore.find(tx, group.id());
    if (found.isEmpty()) {
      return notFound();
    }
    var before = found.get().members();
    var added = group.members().stream().filter(user -> !before.contains(user)).toList();
    var removed = before.stream().filter(user -> !group.members().contains(user)).toList();
    var unknown = Directory.unknown(tx, added);
    if (unknown.isPresent()) {
      return unknown(unknown.get());
    }
    if (GroupStore.findNamed(tx, group.name()).filter(id -> !id.equals(group.id())).isPresent()) {
      return duplicate();
    }
    if (!GroupStore.update(tx, group)) {
      return stale();
    }
    var next = group.withVersion(group.version() + 1);
    return changed(tx, by, "group.changed", next, added, removed);
  }

  /// Takes the version `version` of a group away; refuses `NOT_FOUND`, `PRECONDITION_STALE`, and
  /// `STATE_CONFLICT` when the group owns something.
  public Result<Group> delete(Tx tx, Id.Principal by, Id.Group id, long version) {
    var found = GroupStore.find(tx, id);
    if (found.isEmpty()) {
      return notFound();
    }
    if (WorkloadStore.hasOwner(tx, id) || owning.stream().anyMatch(owns -> owns.test(tx, id))) {
      return refused(
          STATE_CONFLICT, "the group owns something or has a role; take that from it first");
    }
    if (!GroupStore.delete(tx, id, version)) {
      return stale();
    }
    var gone = found.get();
    publish(tx, gone.members());
    audit.append(
        tx, Event.about("group.deleted", id).by(by).references("removed", gone.members()).build());
    return ok(gone);
  }

  /// The group with this name, whatever its case.
  public Optional<Id.Group> findNamed(Tx tx, String name) {
    return GroupStore.findNamed(tx, name);
  }

  public Optional<Group> find(Tx tx, Id.Group id) {
    return GroupStore.find(tx, id);
  }

  /// At most `count` groups in the order of their ids, from the one after the text `after`.
  public List<Group> page(Tx tx, String after, int count) {
    return GroupStore.page(tx, after, count);
  }

  private Result<Group> changed(
      Tx tx,
      Id.Principal by,
      String type,
      Group group,
      List<Id.User> added,
      List<Id.User> removed) {
    GroupStore.add(tx, group.id(), added);
    GroupStore.remove(tx, group.id(), removed);
    for (var user : added) {
      for (var admission : admissions) {
        var admitted = admission.admit(tx, user);
        if (!(admitted instanceof Result.Ok)) {
          return admitted.refusal();
        }
      }
    }
    publish(tx, added);
    publish(tx, removed);
    audit.append(
        tx,
        Event.about(type, group.id())
            .by(by)
            .references("added", added)
            .references("removed", removed)
            .number("version", group.version())
            .free("name", group.name())
            .build());
    return ok(group);
  }

  private void publish(Tx tx, Collection<Id.User> users) {
    users.forEach(user -> feed.publish(tx, Directory.MEMBERSHIP, user.text()));
  }

  private static Result<Group> unknown(Id.User user) {
    return refused(REFERENCE_UNKNOWN, "there is no user " + user.text());
  }

  private static Result<Group> notFound() {
    return refused(NOT_FOUND, "there is no such group");
  }

  private static Result<Group> duplicate() {
    return refused(DUPLICATE, "the group name is taken");
  }

  private static Result<Group> stale() {
    return refused(PRECONDITION_STALE, "the group has changed since that version");
  }
}
