package io.prokura.delegation;

import io.prokura.kernel.Id;
import io.prokura.kernel.Scopes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A standing, revocable permission of `delegator` for `delegate` to act for it.
///
/// `ancestors` are the delegations it was narrowed from, root first and without itself. `covers`
/// names the actions it reaches on each resource; `depthMax` bounds the actors of a chain that
/// rests on it.
public record Delegation(
    Id.Delegation id,
    List<Id.Delegation> ancestors,
    Id.Principal delegator,
    Id.Agent delegate,
    Id.Purpose purpose,
    Map<Id.Resource, Scopes> covers,
    int depthMax,
    Given given,
    Instant expiresAt,
    boolean revoked) {

  /// Who gave it, how the delegator agreed, and when.
  public record Given(Id.Principal by, How how, Instant at) {}

  /// How the delegator's agreement came about.
  public enum How {
    /// An administrator set it up.
    ADMINISTRATOR,
    /// The delegator allowed it to an application that asked.
    CONSENT,
    /// The holder of a delegation handed part of it on.
    HAND_OVER
  }

  public Delegation {
    ancestors = List.copyOf(ancestors);
    covers = Map.copyOf(covers);
  }

  /// The actions this delegation reaches on `resource`.
  public Scopes on(Id.Resource resource) {
    return covers.getOrDefault(resource, Scopes.NONE);
  }

  /// Whether its delegate may use it by itself. One that records a hand-over goes with the token
  /// that was taken and is used with that alone; its chain begins further up.
  boolean isStanding() {
    return given.how() != How.HAND_OVER;
  }

  public boolean isActiveAt(Instant now) {
    return !revoked && now.isBefore(expiresAt);
  }

  /// This delegation and all it was narrowed from, root first.
  public List<Id.Delegation> line() {
    var line = new ArrayList<>(ancestors);
    line.add(id);
    return List.copyOf(line);
  }
}
