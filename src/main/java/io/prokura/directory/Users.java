package io.prokura.directory;

import static io.prokura.kernel.Refusal.DUPLICATE;
import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Refusal.PRECONDITION_STALE;
import static io.prokura.kernel.Refusal.STATE_CONFLICT;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.feed.Feed;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.sql.Tx;
import java.util.List;
import java.util.Optional;

/// Registers people and changes what is known of them. Nobody is deleted: who leaves is
/// deactivated. The last active administrator can neither be deactivated nor lose the role.
public final class Users {
  private final Feed feed;
  private final AuditLog audit;
  private final List<Leaving> leavings;

  /// What else ends in the transaction in which somebody is deactivated.
  @FunctionalInterface
  public interface Leaving {
    void left(Tx tx, Id.Principal by, Id.User user, String reason);
  }

  public Users(Feed feed, AuditLog audit) {
    this(feed, audit, List.of());
  }

  public Users(Feed feed, AuditLog audit, List<Leaving> leavings) {
    this.feed = feed;
    this.audit = audit;
    this.leavings = List.copyOf(leavings);
  }

  /// Registers `user`; refuses `DUPLICATE` when the name is taken.
  public Result<User> register(Tx tx, Id.Principal by, User user) {
    if (!UserStore.insert(tx, user)) {
      return duplicate();
    }
    return ok(changed(tx, user, described("user.registered", by, user)));
  }

  /// Writes `user` over the version it names, but for whether they are active; refuses `NOT_FOUND`,
  /// `PRECONDITION_STALE`, `DUPLICATE`, and `STATE_CONFLICT` for the last administrator.
  public Result<User> replace(Tx tx, Id.Principal by, User user) {
    var found = existing(tx, user.id());
    if (!(found instanceof Ok(var current))) {
      return found.refusal();
    }
    var next = user.withActive(current.active());
    if (current.version() != next.version()) {
      return stale();
    }
    if (UserStore.findNamed(tx, next.userName())
        .filter(o -> !o.id().equals(next.id()))
        .isPresent()) {
      return duplicate();
    }
    if (wouldLeaveNoAdministrator(tx, current, next)) {
      return noAdministrator();
    }
    return written(tx, next, described("user.changed", by, next));
  }

  /// Makes the user one who counts nowhere any more; refuses `NOT_FOUND`, and `STATE_CONFLICT` for
  /// who is not active and for the last administrator.
  public Result<User> deactivate(Tx tx, Id.Principal by, Id.User id, String reason) {
    return setActive(tx, by, id, false, reason);
  }

  /// Makes a deactivated user count again; refuses `NOT_FOUND`, and `STATE_CONFLICT` for who is
  /// active.
  public Result<User> activate(Tx tx, Id.Principal by, Id.User id, String reason) {
    return setActive(tx, by, id, true, reason);
  }

  public Optional<User> find(Tx tx, Id.User id) {
    return UserStore.find(tx, id);
  }

  /// The user of this name, compared without regard to case.
  public Optional<User> findNamed(Tx tx, String userName) {
    return UserStore.findNamed(tx, userName);
  }

  /// At most `count` users in the order of their ids, from the one after the text `after`.
  public List<User> page(Tx tx, String after, int count) {
    return UserStore.page(tx, after, count);
  }

  private Result<User> setActive(
      Tx tx, Id.Principal by, Id.User id, boolean active, String reason) {
    var found = existing(tx, id);
    if (!(found instanceof Ok(var current))) {
      return found.refusal();
    }
    if (current.active() == active) {
      return refused(STATE_CONFLICT, "the user is " + (active ? "" : "not ") + "active already");
    }
    var next = current.withActive(active);
    if (wouldLeaveNoAdministrator(tx, current, next)) {
      return noAdministrator();
    }
    if (!active) {
      leavings.forEach(leaving -> leaving.left(tx, by, id, reason));
    }
    var type = active ? "user.activated" : "user.deactivated";
    return written(tx, next, Event.about(type, id).by(by).free("reason", reason));
  }

  private Result<User> written(Tx tx, User next, Event.Builder event) {
    return UserStore.update(tx, next)
        ? ok(changed(tx, next.withVersion(next.version() + 1), event))
        : stale();
  }

  private User changed(Tx tx, User user, Event.Builder event) {
    feed.publish(tx, Directory.USER, user.id().text());
    audit.append(tx, event.number("version", user.version()).build());
    return user;
  }

  private static Event.Builder described(String type, Id.Principal by, User user) {
    var event =
        Event.about(type, user.id())
            .by(by)
            .words("roles", ManagementRole.words(user.roles()))
            .personal("userName", user.userName(), user.id())
            .personal("displayName", user.displayName(), user.id());
    return user.email().isEmpty() ? event : event.personal("email", user.email(), user.id());
  }

  private static boolean wouldLeaveNoAdministrator(Tx tx, User before, User after) {
    return before.isActiveAdministrator()
        && !after.isActiveAdministrator()
        && !UserStore.hasOtherAdministrator(tx, before.id());
  }

  private static Result<User> existing(Tx tx, Id.User id) {
    return UserStore.find(tx, id)
        .map(Result::ok)
        .orElseGet(() -> refused(NOT_FOUND, "there is no such user"));
  }

  private static Result<User> duplicate() {
    return refused(DUPLICATE, "the user name is taken");
  }

  private static Result<User> stale() {
    return refused(PRECONDITION_STALE, "the user has changed since that version");
  }

  private static Result<User> noAdministrator() {
    return refused(STATE_CONFLICT, "nobody else is an active administrator");
  }
}
