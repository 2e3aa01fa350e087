package io.prokura.catalogue;

import io.prokura.kernel.Id;
import io.prokura.kernel.Scopes;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeSet;

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
    long version) {

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
  public boolean isInForce(Instant now) {
    return revoked.isEmpty() && (expiresAt.isEmpty() || now.isBefore(expiresAt.get()));
  }

  /// The actions on `resource` that these permissions of one principal come to. `delegated` says
  /// whether the principal acts for somebody: permissions to act on behalf count only then, its own
  /// count always.
  public static Scopes actions(
      Collection<Permission> permissions, Id.Resource resource, Instant now, boolean delegated) {
    var names = new TreeSet<String>();
    for (var permission : permissions) {
      if (permission.counts(resource, now, delegated)) {
        names.addAll(permission.actions.values());
      }
    }
    return Scopes.of(names);
  }

  /// The time until which the actions stay permitted by these permissions, unless one is revoked:
  /// each action lasts as long as the last permission that has it.
  public static Instant until(
      Collection<Permission> permissions,
      Id.Resource resource,
      Instant now,
      boolean delegated,
      Scopes actions) {
    var until = Instant.MAX;
    for (var action : actions.values()) {
      var last = Instant.MIN;
      for (var permission : permissions) {
        if (permission.counts(resource, now, delegated) && permission.actions.contains(action)) {
          var end = permission.expiresAt.orElse(Instant.MAX);
          last = end.isAfter(last) ? end : last;
        }
      }
      until = last.isBefore(until) ? last : until;
    }
    return until;
  }

  private boolean counts(Id.Resource on, Instant now, boolean delegated) {
    return resource.equals(on) && isInForce(now) && (delegated || mode == PermissionMode.OWN);
  }

  Permission withRevoked(Revoked how) {
    return new Permission(
        id, principal, resource, actions, mode, expiresAt, given, Optional.of(how), version + 1);
  }
}
