package io.prokura.catalogue;

import io.prokura.kernel.Id;
import io.prokura.kernel.Scopes;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeSet;

/// Some actions on one resource that a principal holds: by a permission, or through a role.
public sealed interface Entitlement permits Permission, RoleEntitlement {

  Id.Resource resource();

  Scopes actions();

  PermissionMode mode();

  Optional<Instant> expiresAt();

  /// Whether it counts at `now`.
  boolean isInForce(Instant now);

  /// The actions on `resource` that these entitlements of one principal come to. `delegated` says
  /// whether the principal acts for somebody: what is held to act on behalf counts only then, its
  /// own counts always.
  static Scopes actions(
      Collection<? extends Entitlement> held,
      Id.Resource resource,
      Instant now,
      boolean delegated) {
    var names = new TreeSet<String>();
    for (var one : held) {
      if (one.counts(resource, now, delegated)) {
        names.addAll(one.actions().values());
      }
    }
    return Scopes.of(names);
  }

  /// The time until which the actions stay permitted by these entitlements, unless one is taken
  /// away: each action lasts as long as the last entitlement that has it.
  static Instant until(
      Collection<? extends Entitlement> held,
      Id.Resource resource,
      Instant now,
      boolean delegated,
      Scopes actions) {
    var until = Instant.MAX;
    for (var action : actions.values()) {
      var last = Instant.MIN;
      for (var one : held) {
        if (one.counts(resource, now, delegated) && one.actions().contains(action)) {
          var end = one.expiresAt().orElse(Instant.MAX);
          last = end.isAfter(last) ? end : last;
        }
      }
      until = last.isBefore(until) ? last : until;
    }
    return until;
  }

  private boolean counts(Id.Resource on, Instant now, boolean delegated) {
    return resource().equals(on) && isInForce(now) && (delegated || mode() == PermissionMode.OWN);
  }
}
