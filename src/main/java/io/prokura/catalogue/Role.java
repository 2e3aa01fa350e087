package io.prokura.catalogue;

import io.prokura.kernel.Id;
import io.prokura.kernel.Scopes;
import java.util.HashSet;
import java.util.List;

/// A named set of permissions of the organisation's, for principals of any kind to hold. Its name
/// is of the same form as a purpose's, unique and never changed: it is what policies say.
///
/// It is no [io.prokura.directory.ManagementRole] and gives no power to manage this server. No
/// principal may hold it together with one of those it `excludes`, whichever of the two says so.
public record Role(
    Id.Role id,
    String name,
    String description,
    List<Allowed> permissions,
    List<Id.Role> excludes,
    long version) {
  /// How many permissions a role may have, and how many roles it may exclude.
  public static final int ITEMS_MAX = 100;

  /// Actions on one resource that whoever holds the role may take. There is at most one for each
  /// resource and mode.
  public record Allowed(Id.Resource resource, Scopes actions, PermissionMode mode) {

    public Allowed {
      if (actions.isEmpty()) {
        throw new IllegalArgumentException("a permission for nothing");
      }
    }

    private record Key(Id.Resource resource, PermissionMode mode) {}

    private Key key() {
      return new Key(resource, mode);
    }
  }

  public Role {
    if (!Purpose.isName(name)) {
      throw new IllegalArgumentException("not the name of a role: " + name);
    }
    permissions = List.copyOf(permissions);
    excludes = List.copyOf(excludes);
    if (!isSet(permissions)) {
      throw new IllegalArgumentException("two permissions for one resource and mode");
    }
  }

  /// Whether each is for another resource or of another mode.
  static boolean isSet(List<Allowed> permissions) {
    return new HashSet<>(permissions.stream().map(Allowed::key).toList()).size()
        == permissions.size();
  }

  /// Whether one of the two excludes the other.
  public boolean excludes(Role other) {
    return excludes.contains(other.id) || other.excludes.contains(id);
  }

  boolean names(Id.Resource resource, String action) {
    return permissions.stream()
        .anyMatch(one -> one.resource().equals(resource) && one.actions().contains(action));
  }

  Role withVersion(long next) {
    return new Role(id, name, description, permissions, excludes, next);
  }
}
