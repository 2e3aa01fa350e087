package io.prokura.simulation;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A reason to act: what it covers on each resource, by id.
record Purpose(
    String id,
    String name,
    Map<Resource, List<String>> covers,
    Optional<Purpose> broader,
    long since,
    Instant expiresAt) {

  Good good(View view) {
    return Good.of(view.now().isBefore(expiresAt)).and(view.knows(since));
  }

  boolean covers(Resource resource, String action) {
    return covers.getOrDefault(resource, List.of()).contains(action);
  }

  boolean isWithin(Purpose other) {
    return equals(other) || broader.filter(one -> one.isWithin(other)).isPresent();
  }
}
