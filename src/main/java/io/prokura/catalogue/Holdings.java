package io.prokura.catalogue;

import io.prokura.kernel.Id;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The permissions of one principal and its roles by its assignments, with what they last came to:
/// the same list again as long as nothing it was made of has changed, so that others may keep what
/// they make of it.
final class Holdings {
  private final List<Permission> permissions;
  private final Map<Id.Role, Optional<Instant>> ends;
  private final boolean person;
  private volatile Optional<Composed> last = Optional.empty();

  private record Composed(Map<Id.Role, Role> roles, List<Entitlement> all) {

    @SuppressWarnings("ReferenceEquality")
    boolean isOf(Map<Id.Role, Role> current) {
      return roles == current;
    }
  }

  Holdings(List<Permission> permissions, List<RoleAssignment> assignments, boolean person) {
    this.permissions = List.copyOf(permissions);
    this.person = person;
    ends = new LinkedHashMap<>();
    assignments.forEach(one -> ends.merge(one.role(), one.expiresAt(), Holdings::later));
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

  /// The first time after `now` at which a role is over.
  Instant until(Instant now) {
    var until = Instant.MAX;
    for (var end : ends.values()) {
      if (end.isPresent() && now.isBefore(end.get()) && end.get().isBefore(until)) {
        until = end.get();
      }
    }
    return until;
  }

  List<Permission> permissions() {
    return permissions;
  }

  /// The permissions with what all the roles give, whether expired or not.
  List<Entitlement> all(Map<Id.Role, Role> roles) {
    var known = last.filter(one -> one.isOf(roles));
    if (known.isEmpty()) {
      known = Optional.of(new Composed(roles, compose(roles)));
      last = known;
    }
    return known.get().all;
  }

  private List<Entitlement> compose(Map<Id.Role, Role> roles) {
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
