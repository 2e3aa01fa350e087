package io.prokura.simulation;

import java.util.List;

/// What a party may do on a resource; `own` where it counts without somebody acted for.
record Permission(
    Revocable life, Party holder, Resource resource, List<String> actions, boolean own) {

  boolean names(Party party, Resource on, String action, boolean delegated) {
    return holder.equals(party)
        && resource.equals(on)
        && actions.contains(action)
        && (own || delegated);
  }
}
