package io.prokura.decision;

import io.prokura.agents.Agent;
import io.prokura.catalogue.Entitlement;
import io.prokura.catalogue.Resource;
import io.prokura.catalogue.Role;
import io.prokura.cedar.Entity;
import io.prokura.cedar.EntityUid;
import io.prokura.cedar.PolicySet;
import io.prokura.kernel.Id;
import io.prokura.policy.PermissionPolicies;
import io.prokura.policy.PermissionPolicies.Held;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the registers say of one principal, put together as decisions need it: until when it is
/// active, its entity, and its permissions as policies. One object has all of it, because what is
/// spread over memory takes longer to look up than to decide on.
final class Registered {
  /// What was asked for so far, of one resource each. What every decision looks at stands first,
  /// as that is how a collector that goes depth first lays it out.
  private volatile List<Held> held;

  private final EntityUid uid;
  private final Instant activeUntil;
  private final Instant until;
  private final long turn;
  private final Optional<Entity> entity;
  private final Id.Principal id;
  private final Sources sources;
  private final PermissionPolicies policies;

  /// What it was made of: its own state, what its entity shows besides, and all that is held.
  record Sources(Object state, Besides besides, List<Entitlement> entitlements) {}

  /// What an entity shows of a principal besides its own state.
  record Besides(List<Role> held, List<Id.Group> groups, boolean ownerActive) {}

  /// `activeUntil` has passed where it is not active. It is as the registers were at a turn of the
  /// [Roster], and good until `until`.
  Registered(
      Id.Principal id,
      Instant activeUntil,
      Entity entity,
      Sources sources,
      PermissionPolicies policies,
      long turn,
      Instant until) {
    this(
        id,
        entity.uid(),
        activeUntil,
        Optional.of(entity),
        sources,
        policies,
        turn,
        until,
        List.of());
  }

  private Registered(
      Id.Principal id,
      EntityUid uid,
      Instant activeUntil,
      Optional<Entity> entity,
      Sources sources,
      PermissionPolicies policies,
      long turn,
      Instant until,
      List<Held> held) {
    this.id = id;
    this.uid = uid;
    this.activeUntil = activeUntil;
    this.entity = entity;
    this.sources = sources;
    this.policies = policies;
    this.turn = turn;
    this.until = until;
    this.held = held;
  }

  /// The same at a later turn, where it is made of the same.
  Registered at(long laterTurn, Instant laterUntil) {
    return new Registered(
        id, uid, activeUntil, entity, sources, policies, laterTurn, laterUntil, held);
  }

  Id.Principal id() {
    return id;
  }

  EntityUid uid() {
    return uid;
  }

  Optional<Entity> entity() {
    return entity;
  }

  Sources sources() {
    return sources;
  }

  /// The purposes that it declares, where it is an agent.
  List<Id.Purpose> purposes() {
    return sources.state() instanceof Agent agent ? agent.purposes() : List.of();
  }

  /// Whether it is as the registers are.
  boolean isOf(long currentTurn, Instant now) {
    return turn == currentTurn && now.isBefore(until);
  }

  /// Whether it may act or be acted for.
  boolean isActive(Instant now) {
    return now.isBefore(activeUntil);
  }

  /// What it holds on `resource` that counts now; `delegated` says whether it acts for somebody.
  PolicySet permissions(Resource resource, boolean delegated, Instant now) {
    var all = held;
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).isOf(resource, now)) {
        return all.get(i).counting(delegated);
      }
    }
    var made = policies.of(uid, sources.entitlements, resource, now);
    keep(all, made);
    return made.counting(delegated);
  }

  /// What is asked for in vain is not kept.
  private void keep(List<Held> before, Held made) {
    var all = new ArrayList<>(before);
    boolean replaces = all.removeIf(one -> one.on().id().equals(made.on().id()));
    if (!made.isEmpty() || replaces) {
      all.add(made);
      held = List.copyOf(all);
    }
  }
}
