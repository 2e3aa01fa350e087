package io.prokura.catalogue;

import io.prokura.kernel.Id;
import java.time.Instant;
import java.util.Optional;

/// That a principal, or every user in a group, holds a role. What is revoked stays so.
public record RoleAssignment(
    Id.Assignment id,
    Id.Role role,
    Id holder,
    Optional<Instant> expiresAt,
    Permission.Given given,
    Optional<Permission.Revoked> revoked,
    long version) {

  /// The principal or group that `text` names, if it is the well-formed id of one.
  static Optional<Id> parseHolder(String text) {
    return Id.Principal.parse(text).<Id>map(id -> id).or(() -> Id.Group.parse(text));
  }

  RoleAssignment withRevoked(Permission.Revoked how) {
    return new RoleAssignment(id, role, holder, expiresAt, given, Optional.of(how), version + 1);
  }
}
