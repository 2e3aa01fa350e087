package io.prokura.directory;

import static io.prokura.kernel.Refusal.REFERENCE_UNKNOWN;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.feed.Cached;
import io.prokura.feed.Feed;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The directory as the rest of the server reads it. Methods without a [Tx] read from memory, kept
/// fresh by the change feed; those with one read what their transaction sees.
public final class Directory {
  /// The kind of change that says of a user that it has changed.
  public static final String USER = "user";

  /// The same of a workload.
  public static final String WORKLOAD = "workload";

  /// The kind of change that says of a user that its groups have changed.
  public static final String MEMBERSHIP = "membership";

  private static final int CACHED_MAX = 50_000;

  private final Database database;
  private final Cached<User> users;
  private final Cached<Workload> workloads;
  private final Cached<List<Id.Group>> memberships;

  public Directory(Database database, Feed feed) {
    this.database = database;
    users =
        new Cached<>(
            feed, USER, CACHED_MAX, id -> database.read(tx -> UserStore.find(tx, new Id.User(id))));
    workloads =
        new Cached<>(
            feed,
            WORKLOAD,
            CACHED_MAX,
            id -> database.read(tx -> WorkloadStore.find(tx, new Id.Workload(id))));
    memberships =
        new Cached<>(
            feed,
            MEMBERSHIP,
            CACHED_MAX,
            id -> Optional.of(database.read(tx -> GroupStore.groupsOf(tx, id))));
  }

  public Optional<User> user(Id.User id) {
    return users.get(id.text());
  }

  /// The user of this name, compared without regard to case. Read from the database, so that no
  /// name stands in the change feed.
  public Optional<User> userNamed(String userName) {
    return User.isUserName(userName)
        ? database.read(tx -> UserStore.findNamed(tx, userName))
        : Optional.empty();
  }

  /// The only user with this address; nothing where there are several, and for what is no line of
  /// printable characters. Read from the database.
  public Optional<User> userAt(String email) {
    if (!User.isUserName(email)) {
      return Optional.empty();
    }
    List<User> found = database.read(tx -> UserStore.findAt(tx, email));
    return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
  }

  public Optional<Workload> workload(Id.Workload id) {
    return workloads.get(id.text());
  }

  /// The workload that `principal` is, if it is one that takes part in the trust domain.
  public Optional<Id.Workload> transacting(Id.Principal principal) {
    return principal instanceof Id.Workload id
        ? workload(id).filter(Workload::transactionTokens).map(Workload::id)
        : Optional.empty();
  }

  /// At most `count` users in the order of their ids, from the one after the text `after`, active
  /// or not; read from the database.
  public List<User> users(String after, int count) {
    return database.read(tx -> UserStore.page(tx, after, count));
  }

  /// The same of workloads.
  public List<Workload> workloads(String after, int count) {
    return database.read(tx -> WorkloadStore.page(tx, after, count));
  }

  /// The groups that a user is a member of, ordered by id; none for a user nobody knows.
  public List<Id.Group> groupsOf(Id.User user) {
    return memberships.get(user.text()).orElse(List.of());
  }

  /// The names of the groups that a user is a member of, in their order; read from the database.
  public List<String> groupNamesOf(Id.User user) {
    return database.read(tx -> GroupStore.namesOf(tx, user));
  }

  /// The active users with the role of an administrator, ordered by id.
  public List<Id.User> administrators(Tx tx) {
    return UserStore.administrators(tx);
  }

  /// Whether `who` is the owner `owner` or a member of the owning group, and active: a deactivated
  /// user owns nothing any more.
  public boolean owns(Id owner, Id.User who) {
    boolean named =
        switch (owner) {
          case Id.User user -> user.equals(who);
          case Id.Group group -> groupsOf(who).contains(group);
          default -> false;
        };
    return named && user(who).filter(User::active).isPresent();
  }

  /// The user or group that `text` names, if it is the well-formed id of one.
  public static Optional<Id> parseOwner(String text) {
    Optional<Id> user = Id.User.parse(text).map(Function.identity());
    return user.or(() -> Id.Group.parse(text).map(Function.identity()));
  }

  /// `owner`, when it is a group or an active user that `tx` sees; refuses `REFERENCE_UNKNOWN`.
  public Result<Id> existingOwner(Tx tx, Id owner) {
    boolean exists =
        switch (owner) {
          case Id.User user -> UserStore.find(tx, user).filter(User::active).isPresent();
          case Id.Group group -> GroupStore.exists(tx, group);
          default -> false;
        };
    return exists
        ? ok(owner)
        : refused(REFERENCE_UNKNOWN, "the owner is neither an active user nor a group");
  }

  /// `user`, when `tx` sees it, active or not; refuses `REFERENCE_UNKNOWN`.
  public Result<Id.User> existingUser(Tx tx, Id.User user) {
    return UserStore.find(tx, user).isPresent()
        ? ok(user)
        : refused(REFERENCE_UNKNOWN, "there is no user " + user.text());
  }

  /// `workload`, when `tx` sees it, active or not; refuses `REFERENCE_UNKNOWN`.
  public Result<Id.Workload> existingWorkload(Tx tx, Id.Workload workload) {
    return WorkloadStore.find(tx, workload).isPresent()
        ? ok(workload)
        : refused(REFERENCE_UNKNOWN, "there is no workload " + workload.text());
  }

  /// The first of `users` that `tx` does not see, if any.
  static Optional<Id.User> unknown(Tx tx, Collection<Id.User> users) {
    return users.stream().filter(user -> UserStore.find(tx, user).isEmpty()).findFirst();
  }
}
