package io.prokura.registration;

import io.prokura.kernel.Id;
import java.time.Instant;
import java.util.Optional;

/// A token that an administrator hands out so that programs register themselves (RFC 7591 §1.2).
///
/// @param usesMax how many may
/// @param uses how many have
/// @param pkceOptional whether those that prove themselves may do without PKCE, as older OpenID
///     Connect clients do
public record InitialToken(
    Id.RegistrationToken id,
    String name,
    long usesMax,
    long uses,
    boolean pkceOptional,
    Instant createdAt,
    Instant expiresAt,
    Optional<Instant> revokedAt) {

  /// Whether something may be registered with it now.
  public boolean isGood(Instant now) {
    return revokedAt.isEmpty() && now.isBefore(expiresAt) && uses < usesMax;
  }

  /// How it stands: `active`, `revoked`, `expired` or `used`.
  String state(Instant now) {
    if (revokedAt.isPresent()) {
      return "revoked";
    }
    if (!now.isBefore(expiresAt)) {
      return "expired";
    }
    return uses < usesMax ? "active" : "used";
  }
}
