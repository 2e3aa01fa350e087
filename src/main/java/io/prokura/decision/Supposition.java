package io.prokura.decision;

import io.prokura.catalogue.Purpose;
import io.prokura.catalogue.Resource;
import io.prokura.kernel.Id;
import java.util.List;
import java.util.Optional;

/// A question that nobody asked: who might act for whom (`chain`, the current actor first), what
/// with and why. It is looked into as if a token said so, whose scope has the action.
record Supposition(
    List<Id.Principal> chain,
    Resource resource,
    String action,
    AccessRequest.Named object,
    Optional<Purpose> purpose,
    Situation situation) {

  Supposition {
    chain = List.copyOf(chain);
  }
}
