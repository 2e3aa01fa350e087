package io.prokura.catalogue;

import io.prokura.kernel.Id;
import io.prokura.kernel.Scopes;
import java.time.Instant;
import java.util.Optional;

/// What a principal holds through one permission of a role, until its last assignment of the role
/// expires. A person acts on nobody's behalf, so for a person each permission of a role is
/// [PermissionMode#OWN].
public record RoleEntitlement(
    Role role, Role.Allowed permission, PermissionMode mode, Optional<Instant> expiresAt)
    implements Entitlement {

  @Override
  public Id.Resource resource() {
    return permission.resource();
  }

  @Override
  public Scopes actions() {
    return permission.actions();
  }

  @Override
  public boolean isInForce(Instant now) {
    return expiresAt.isEmpty() || now.isBefore(expiresAt.get());
  }
}
