package io.prokura.directory;

import io.prokura.kernel.Id;
import java.util.Collection;
import java.util.Set;

/// A person. `userName` is unique without regard to case; `email` may be empty. A user who is not
/// active holds nothing and acts for nobody.
public record User(
    Id.User id,
    String userName,
    String displayName,
    String email,
    boolean active,
    Set<ManagementRole> roles,
    long version) {
  /// Characters that a user name may have.
  public static final int USER_NAME_MAX = 200;

  public User {
    if (!isUserName(userName)) {
      throw new IllegalArgumentException("not a user name");
    }
    roles = ManagementRole.ordered(roles);
  }

  /// An active user who is not in the directory yet.
  public static User fresh(
      Id.User id,
      String userName,
      String displayName,
      String email,
      Collection<ManagementRole> roles) {
    return new User(id, userName, displayName, email, true, ManagementRole.ordered(roles), 1);
  }

  /// Whether `text` can be a user name: 1 to [#USER_NAME_MAX] printable characters.
  public static boolean isUserName(String text) {
    return Names.isPrintable(text, USER_NAME_MAX);
  }

  boolean isActiveAdministrator() {
    return active && roles.contains(ManagementRole.ADMINISTRATOR);
  }

  User withActive(boolean now) {
    return new User(id, userName, displayName, email, now, roles, version);
  }

  User withVersion(long next) {
    return new User(id, userName, displayName, email, active, roles, next);
  }
}
