package io.prokura.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.prokura.catalogue.Catalogue;
import io.prokura.catalogue.Entitlement;
import io.prokura.catalogue.Permission;
import io.prokura.catalogue.PermissionMode;
import io.prokura.catalogue.Resource;
import io.prokura.catalogue.Role;
import io.prokura.catalogue.RoleEntitlement;
import io.prokura.cedar.CedarSyntaxException;
import io.prokura.cedar.Policy;
import io.prokura.cedar.PolicySet;
import io.prokura.kernel.Heap;
import io.prokura.kernel.Id;
import io.prokura.kernel.World;
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
  /// A principal's policies take some three kilobytes; all of them take a fifth of the heap at
  /// most.
  private static final int CACHED_MAX = 32_000;

  private final Catalogue catalogue;
  private final World world;
  private final Cache<Key, Compiled> cached =
      Caffeine.newBuilder().maximumSize(Heap.room(CACHED_MAX)).executor(Runnable::run).build();

  public PermissionPolicies(Catalogue catalogue, World world) {
    this.catalogue = catalogue;
    this.world = world;
  }

  private record Key(Id.Principal principal, Id.Resource resource) {}

  /// What was compiled from these very permissions and this state of the resource, good until the
  /// next of them expires.
  private record Compiled(
      List<? extends Entitlement> from,
      Resource resource,
      Instant until,
      PolicySet own,
      PolicySet all) {

    @SuppressWarnings("ReferenceEquality")
    boolean isOf(List<? extends Entitlement> permissions, Resource current, Instant now) {
      return from == permissions && resource == current && now.isBefore(until);
    }
  }

  /// What `principal` holds on `resource` that counts now, by permissions and through roles.
  /// `delegated` says whether it acts for somebody.
  public PolicySet of(Id.Principal principal, Resource resource, boolean delegated) {
    var permissions = catalogue.entitlementsOf(principal);
    var now = world.now();
    var key = new Key(principal, resource.id());
    var known = cached.getIfPresent(key);
    if (known == null || !known.isOf(permissions, resource, now)) {
      known = compile(permissions, resource, now);
      cached.put(key, known);
    }
    return delegated ? known.all : known.own;
  }

  private static Compiled compile(
      List<? extends Entitlement> permissions, Resource resource, Instant now) {
    var own = new ArrayList<Policy>();
    var all = new ArrayList<Policy>();
    var until = Instant.MAX;
    for (var permission : permissions) {
      if (permission.resource().equals(resource.id()) && permission.isInForce(now)) {
        var policy = compile(permission, resource);
        all.add(policy);
        if (permission.mode() == PermissionMode.OWN) {
          own.add(policy);
        }
        var end = permission.expiresAt().orElse(Instant.MAX);
        until = end.isBefore(until) ? end : until;
      }
    }
    var whole = PolicySet.of(all);
    var alone = own.size() == all.size() ? whole : PolicySet.of(own);
    return new Compiled(permissions, resource, until, alone, whole);
  }

  private static Policy compile(Entitlement held, Resource resource) {
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
