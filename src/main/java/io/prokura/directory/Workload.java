package io.prokura.directory;

import io.prokura.kernel.Id;
import java.util.Collection;
import java.util.Set;

/// A server, service, device or application. `owner` is the user or group that answers for it;
/// `description` may be empty.
public record Workload(
    Id.Workload id,
    String name,
    String description,
    Id owner,
    boolean active,
    Set<ManagementRole> roles,
    long version) {

  public Workload {
    if (!(owner instanceof Id.User) && !(owner instanceof Id.Group)) {
      throw new IllegalArgumentException("an owner is a user or a group");
    }
    roles = ManagementRole.ordered(roles);
  }

  /// An active workload that is not in the directory yet.
  public static Workload fresh(
      Id.Workload id, String name, String description, Id owner, Collection<ManagementRole> roles) {
    return new Workload(id, name, description, owner, true, ManagementRole.ordered(roles), 1);
  }

  Workload withActive(boolean now) {
    return new Workload(id, name, description, owner, now, roles, version);
  }

  Workload withVersion(long next) {
    return new Workload(id, name, description, owner, active, roles, next);
  }
}
