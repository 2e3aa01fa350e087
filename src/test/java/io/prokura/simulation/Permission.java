package io.prokura.simulation;

import java.util.List;

/// What a party may do on a resource; `own` where it counts without somebody acted for. `by` is
/// what gives it.
record Permission(
    Revocable life, Party holder, Resource resource, List<String> actions, boolean own, By by) {

  /// What gives it: a permission, or a role that is assigned.
  enum By {
    PERMISSION("permissions", "permission.revoked"),
    ROLE("role-assignments", "role.unassigned");

    final String path;
    final String revoked;

    By(String path, String revoked) {
      this.path = path;
      this.revoked = revoked;
    }
  }

  /// Where it is found.
  String path() {
    return by.path + "/" + life.id();
  }

  boolean names(Party party, Resource on, String action, boolean delegated) {
    return holder.equals(party)
        && resource.equals(on)
        && actions.contains(action)
        && (own || delegated);
  }
}
