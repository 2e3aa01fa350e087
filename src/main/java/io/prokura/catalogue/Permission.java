package io.prokura.catalogue;

import io.prokura.kernel.Id;
import io.prokura.kernel.Scopes;
import java.time.Instant;
import java.util.Optional;

/// Some actions on one resource that a principal may take. A person's permissions are always
/// [PermissionMode#OWN]. What is revoked stays so.
public record Permission(
    Id.Permission id,
    Id.Principal principal,
    Id.Resource resource,
    Scopes actions,
    PermissionMode mode,
    Optional<Instant> expiresAt,
    Given given,
    Optional<Revoked> revoked,
    long version)
    implements Entitlement {

  /// Who gave it and when.
  public record Given(Id.Principal by, Instant at) {}

  /// Who took it away and when; why stands in the record.
  public record Revoked(Id.Principal by, Instant at) {}

  public Permission {
    if (actions.isEmpty()) {
      throw new IllegalArgumentException("a permission for nothing");
    }
    if (principal instanceof Id.User && mode != PermissionMode.OWN) {
      throw new IllegalArgumentException("a person acts on nobody's behalf");
    }
  }

  /// Whether it is neither revoked nor expired.
  @Override
  public boolean isInForce(Instant now) {
    return revoked.isEmpty() && (expiresAt.isEmpty() || now.isBefore(expiresAt.get()));
  }

  Permission withRevoked(Revoked how) {
    return new Permission(
        id, principal, resource, actions, mode, expiresAt, given, Optional.of(how), version + 1);
  }
}
