package io.prokura.access;

import io.prokura.access.Usage.Count;
import io.prokura.audit.RecentEntries;
import io.prokura.catalogue.Catalogue;
import io.prokura.catalogue.Permission;
import io.prokura.catalogue.PermissionMode;
import io.prokura.catalogue.Resource;
import io.prokura.catalogue.Role;
import io.prokura.cedar.ActionScope;
import io.prokura.cedar.Effect;
import io.prokura.cedar.Policy;
import io.prokura.cedar.Scope;
import io.prokura.delegation.Delegation;
import io.prokura.delegation.Delegations;
import io.prokura.kernel.Id;
import io.prokura.kernel.World;
import io.prokura.policy.Policies;
import io.prokura.policy.Uids;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What an agent holds against what it used in a period, and what could be taken away.
///
/// A permission counts as used where a decision allowed its action or a token was asked for with
/// it, whichever other permission allowed that too, so nothing is proposed that would have changed
/// one of the decisions looked at.
public final class RightSizing {
  private static final int DELEGATIONS_MAX = 1_000;

  private final World world;
  private final Catalogue catalogue;
  private final Delegations delegations;
  private final Policies policies;
  private final RecentEntries entries;

  public RightSizing(
      World world,
      Catalogue catalogue,
      Delegations delegations,
      Policies policies,
      RecentEntries entries) {
    this.world = world;
    this.catalogue = catalogue;
    this.delegations = delegations;
    this.policies = policies;
    this.entries = entries;
  }

  /// What was found. `complete` says whether the record of the whole period was looked at.
  record Report(
      Id.Agent agent,
      Instant from,
      Instant until,
      boolean complete,
      Usage usage,
      List<Held> permissions,
      List<Dormant> delegations,
      List<Wildcard> wildcards,
      List<Role> roles,
      Tightening tightening) {}

  /// A permission with how often each of its actions was used. `needed` is what is left of it
  /// without what was not used; empty when nothing is, itself when all is.
  record Held(
      Permission permission, Resource resource, Map<String, Count> used, Optional<Needed> needed) {

    boolean isTight() {
      return needed
          .filter(need -> need.mode() == permission.mode())
          .filter(need -> need.actions().size() == permission.actions().values().size())
          .isPresent();
    }
  }

  record Needed(List<String> actions, PermissionMode mode) {}

  /// A standing delegation to the agent that is in force and was not used.
  record Dormant(Delegation delegation) {}

  /// Something that allows more than it names.
  record Wildcard(String id, List<String> wide, boolean conditional, String text) {}

  /// Looks at an agent over the last `period`.
  Report of(Id.Agent agent, Duration period) {
    var until = world.now();
    var from = until.minus(period);
    var usage = new Usage(agent);
    boolean complete =
        entries.read(Set.of(Usage.DECISION, Usage.TOKEN), agent.text(), from, usage::add);
    var held = held(agent, usage, until);
    var wildcards = new ArrayList<Wildcard>();
    held.stream().map(RightSizing::wide).flatMap(Optional::stream).forEach(wildcards::add);
    policies.current().policies().policies().values().stream()
        .filter(policy -> policy.effect() == Effect.PERMIT && mayBeAbout(policy, agent))
        .map(RightSizing::wide)
        .flatMap(Optional::stream)
        .forEach(wildcards::add);
    return new Report(
        agent,
        from,
        until,
        complete,
        usage,
        held,
        dormant(agent, usage, until),
        wildcards,
        catalogue.rolesOf(agent, until),
        Tightening.of(agent, from, until, usage.kinds(), policies.current()));
  }

  private List<Held> held(Id.Agent agent, Usage usage, Instant now) {
    var held = new ArrayList<Held>();
    for (var permission : catalogue.permissionsOf(agent)) {
      if (permission.isInForce(now)) {
        catalogue
            .resource(permission.resource())
            .ifPresent(resource -> held.add(held(permission, resource, usage)));
      }
    }
    return held;
  }

  private static Held held(Permission permission, Resource resource, Usage usage) {
    var used = new LinkedHashMap<String, Count>();
    var needed = new ArrayList<String>();
    boolean byItself = false;
    for (var action : permission.actions().values()) {
      var own = Count.NEVER;
      if (permission.mode() == PermissionMode.OWN) {
        own = usage.of(resource.id(), resource.identifier(), action, false);
      }
      byItself |= own.times() > 0;
      var all = own.and(usage.of(resource.id(), resource.identifier(), action, true));
      used.put(action, all);
      if (all.times() > 0) {
        needed.add(action);
      }
    }
    var mode = byItself ? PermissionMode.OWN : PermissionMode.ON_BEHALF;
    return new Held(
        permission,
        resource,
        used,
        needed.isEmpty() ? Optional.empty() : Optional.of(new Needed(needed, mode)));
  }

  private List<Dormant> dormant(Id.Agent agent, Usage usage, Instant now) {
    return delegations.list(agent.text(), "", DELEGATIONS_MAX).stream()
        .filter(one -> one.delegate().equals(agent) && one.isActiveAt(now))
        .filter(one -> one.given().how() != Delegation.How.HAND_OVER)
        .filter(one -> usage.of(one.id()).times() == 0)
        .map(Dormant::new)
        .toList();
  }

  /// A permission for all that there is to do on a resource with several actions.
  private static Optional<Wildcard> wide(Held held) {
    var offered = held.resource().scopes();
    boolean all = offered.values().size() > 1 && offered.within(held.permission().actions());
    return all
        ? Optional.of(
            new Wildcard(
                held.permission().id().text(), List.of("every action of the resource"), false, ""))
        : Optional.empty();
  }

  private static Optional<Wildcard> wide(Policy policy) {
    var wide = new ArrayList<String>();
    if (policy.action() instanceof ActionScope.Any) {
      wide.add("any action");
    }
    if (policy.resource() instanceof Scope.Any) {
      wide.add("any resource");
    }
    return wide.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Wildcard(
                policy.id(), wide, !policy.conditions().isEmpty(), policy.source().text()));
  }

  /// Whether the scope lets the agent in; an agent is in no group.
  private static boolean mayBeAbout(Policy policy, Id.Agent agent) {
    var uid = Uids.of(agent);
    return switch (policy.principal()) {
      case Scope.Any _ -> true;
      case Scope.Equal(var entity) -> entity.equals(uid);
      case Scope.In(var entity) -> entity.equals(uid);
      case Scope.Is(var type) -> type.equals(uid.type());
      case Scope.IsIn(var type, var entity) -> type.equals(uid.type()) && entity.equals(uid);
    };
  }
}
