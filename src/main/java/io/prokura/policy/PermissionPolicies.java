package io.prokura.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.prokura.catalogue.Entitlement;
import io.prokura.catalogue.Permission;
import io.prokura.catalogue.PermissionMode;
import io.prokura.catalogue.Resource;
import io.prokura.catalogue.Role;
import io.prokura.catalogue.RoleEntitlement;
import io.prokura.cedar.ActionScope;
import io.prokura.cedar.CedarSyntaxException;
import io.prokura.cedar.EntityUid;
import io.prokura.cedar.Policy;
import io.prokura.cedar.PolicySet;
import io.prokura.cedar.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The permissions and roles of the catalogue as policies, so that one engine decides and one
/// explanation covers all: each permission, and each permission of a role, is a `permit`.
///
/// Which of them count at all (in force, and to act on behalf only where somebody is acted for) is
/// settled before the engine is asked, because an organisation's action need not declare the
/// members of the context that would tell.
public final class PermissionPolicies {
  /// How many scopes are kept to be shared.
  private static final int SCOPES_MAX = 10_000;

  private final Cache<Object, Object> shared =
      Caffeine.newBuilder().maximumSize(SCOPES_MAX).executor(Runnable::run).build();

  /// What one principal held on a resource in one of its states, as policies, good until the next
  /// of them expires: what it holds by itself, and all that counts where it acts for somebody.
  public record Held(Resource on, Instant until, PolicySet own, PolicySet all) {
    private static final PolicySet NONE = PolicySet.of(List.of());

    /// Whether it still is what is held on `current`, while nothing is given or taken.
    @SuppressWarnings("ReferenceEquality")
    public boolean isOf(Resource current, Instant now) {
      return on == current && now.isBefore(until);
    }

    /// Whether there is nothing.
    public boolean isEmpty() {
      return all == NONE;
    }

    /// What counts; `delegated` says whether the principal acts for somebody.
    public PolicySet counting(boolean delegated) {
      return delegated ? all : own;
    }
  }

  /// What the principal of this name holds on `resource` that counts now, by permissions and
  /// through roles.
  public Held of(
      EntityUid principal,
      List<? extends Entitlement> entitlements,
      Resource resource,
      Instant now) {
    var own = new ArrayList<Policy>(1);
    var all = new ArrayList<Policy>(1);
    var until = Instant.MAX;
    for (var one : entitlements) {
      if (one.resource().equals(resource.id()) && one.isInForce(now)) {
        var policy = compile(principal, one, resource);
        all.add(policy);
        if (one.mode() == PermissionMode.OWN) {
          own.add(policy);
        }
        var end = one.expiresAt().orElse(Instant.MAX);
        until = end.isBefore(until) ? end : until;
      }
    }
    var whole = set(all);
    return new Held(resource, until, own.size() == all.size() ? whole : set(own), whole);
  }

  private static PolicySet set(List<Policy> policies) {
    return policies.isEmpty() ? Held.NONE : PolicySet.of(policies);
  }

  /// The policy that an entitlement is. What many have alike, what they allow on which resource, is
  /// one object for all of them.
  private Policy compile(EntityUid principal, Entitlement held, Resource resource) {
    var parsed = parse(held, resource);
    Scope named = new Scope.Equal(principal);
    return new Policy(
        parsed.id(),
        parsed.annotations(),
        parsed.effect(),
        parsed.principal().equals(named) ? named : shared(Scope.class, parsed.principal()),
        shared(ActionScope.class, parsed.action()),
        shared(Scope.class, parsed.resource()),
        parsed.conditions(),
        parsed.source());
  }

  private <T> T shared(Class<T> type, T scope) {
    return type.cast(shared.get(scope, same -> same));
  }

  private static Policy parse(Entitlement held, Resource resource) {
    var id =
        switch (held) {
          case Permission permission -> permission.id().text();
          case RoleEntitlement(var role, var allowed, _, _) -> id(role, allowed);
        };
    var text =
        switch (held) {
          case Permission permission -> text(permission, resource);
          case RoleEntitlement(var role, var allowed, _, _) -> text(role, allowed, resource);
        };
    try {
      return Policy.parse(id, text);
    } catch (CedarSyntaxException e) {
      throw new IllegalStateException("not a policy: " + id, e);
    }
  }

  private static String id(Role role, Role.Allowed allowed) {
    return role.id().text() + "#" + allowed.resource().text() + "#" + allowed.mode().word();
  }

  /// The policy that one permission of a role is, for people to read: it allows whoever is in the
  /// role, and its id is `rol_…#res_…#own`. `@mode` is what the role says; for a person it is own.
  public static String text(Role role, Role.Allowed allowed, Resource resource) {
    return """
        @id("%s")
        @role("%s")
        @mode("%s")
        permit (
          principal in %s,
          action in [%s],
          resource in %s
        );
        """
        .formatted(
            id(role, allowed),
            role.name(),
            allowed.mode().word(),
            Uids.role(role),
            Uids.actions(resource, allowed.actions()),
            Uids.resource(resource.identifier()));
  }

  /// The policy that a permission on `resource` is, for people to read. `@mode` and `@until` say
  /// when it counts.
  public static String text(Permission permission, Resource resource) {
    var until = permission.expiresAt().map(at -> "@until(\"" + at + "\")\n").orElse("");
    return """
        @id("%s")
        @mode("%s")
        %spermit (
          principal == %s,
          action in [%s],
          resource in %s
        );
        """
        .formatted(
            permission.id().text(),
            permission.mode().word(),
            until,
            Uids.of(permission.principal()),
            Uids.actions(resource, permission.actions()),
            Uids.resource(resource.identifier()));
  }
}
