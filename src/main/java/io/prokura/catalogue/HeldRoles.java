package io.prokura.catalogue;

import io.prokura.kernel.Id;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The roles of one principal by its assignments, with what they last came to: the same list again
/// as long as nothing it was made of has changed, so that others may keep what they make of it.
final class HeldRoles {
  private final Map<Id.Role, Optional<Instant>> ends;
  private final boolean person;
  private volatile Composed last = new Composed(List.of(), Map.of(), List.of());

  private record Composed(
      List<Permission> permissions, Map<Id.Role, Role> roles, List<Entitlement> all) {

    @SuppressWarnings("ReferenceEquality")
    boolean isOf(List<Permission> from, Map<Id.Role, Role> current) {
      return permissions == from && roles == current;
    }
  }

  HeldRoles(List<RoleAssignment> assignments, boolean person) {
    this.person = person;
    ends = new LinkedHashMap<>();
    assignments.forEach(one -> ends.merge(one.role(), one.expiresAt(), HeldRoles::later));
  }

  /// The later end; none is the latest.
  private static Optional<Instant> later(Optional<Instant> one, Optional<Instant> other) {
    return one.flatMap(a -> other.map(b -> a.isAfter(b) ? a : b));
  }

  /// The roles held at `now`.
  List<Role> at(Instant now, Map<Id.Role, Role> roles) {
    if (ends.isEmpty()) {
      return List.of();
    }
    return ends.entrySet().stream()
        .filter(one -> one.getValue().isEmpty() || now.isBefore(one.getValue().get()))
        .flatMap(one -> Optional.ofNullable(roles.get(one.getKey())).stream())
        .toList();
  }

  /// The permissions with what all the roles give, whether expired or not.
  List<Entitlement> with(List<Permission> permissions, Map<Id.Role, Role> roles) {
    var known = last;
    if (!known.isOf(permissions, roles)) {
      known = new Composed(permissions, roles, compose(permissions, roles));
      last = known;
    }
    return known.all;
  }

  private List<Entitlement> compose(List<Permission> permissions, Map<Id.Role, Role> roles) {
    var all = new ArrayList<Entitlement>(permissions);
    ends.forEach(
        (id, end) -> {
          var role = Optional.ofNullable(roles.get(id));
          role.ifPresent(
              it ->
                  it.permissions()
                      .forEach(one -> all.add(new RoleEntitlement(it, one, mode(one), end))));
        });
    return List.copyOf(all);
  }

  private PermissionMode mode(Role.Allowed permission) {
    return person ? PermissionMode.OWN : permission.mode();
  }
}
