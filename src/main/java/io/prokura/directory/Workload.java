package io.prokura.directory;

import io.prokura.kernel.Id;
import java.util.Collection;
import java.util.Set;

/// A server, service, device or application. `owner` is the user or group that answers for it;
/// `description` may be empty. `transactionTokens` is whether it takes part in the trust domain:
/// whether it is given transaction tokens and may introspect them.
public record Workload(
    Id.Workload id,
    String name,
    String description,
    Id owner,
    boolean active,
    Set<ManagementRole> roles,
    boolean transactionTokens,
    long version) {

  public Workload {
    if (!(owner instanceof Id.User) && !(owner instanceof Id.Group)) {
      throw new IllegalArgumentException("an owner is a user or a group");
    }
    roles = ManagementRole.ordered(roles);
  }

  /// An active workload that is not in the directory yet and gets no transaction tokens.
  public static Workload fresh(
      Id.Workload id, String name, String description, Id owner, Collection<ManagementRole> roles) {
    return new Workload(
        id, name, description, owner, true, ManagementRole.ordered(roles), false, 1);
  }

  Workload withActive(boolean now) {
    return new Workload(id, name, description, owner, now, roles, transactionTokens, version);
  }

  /// The same, where it says whether it gets transaction tokens.
  public Workload withTransactionTokens(boolean gets) {
    return new Workload(id, name, description, owner, active, roles, gets, version);
  }

  Workload withVersion(long next) {
    return new Workload(id, name, description, owner, active, roles, transactionTokens, next);
  }
}
