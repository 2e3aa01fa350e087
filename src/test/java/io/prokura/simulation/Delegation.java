package io.prokura.simulation;

import java.util.List;
import java.util.Map;

/// A permission to act for somebody: `line` are the ids of those it was narrowed from and its own.
record Delegation(
    Revocable life,
    List<Delegation> ancestors,
    Party delegator,
    Party delegate,
    Purpose purpose,
    Map<Resource, List<String>> covers,
    int depthMax) {

  String id() {
    return life.id();
  }

  boolean covers(Resource resource, String action) {
    return covers.getOrDefault(resource, List.of()).contains(action);
  }
}
