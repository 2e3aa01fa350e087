package io.prokura.delegation;

import io.prokura.kernel.Id;
import io.prokura.kernel.Lineage;
import java.time.Instant;
import java.util.List;

/// A chain under construction, the current actor first, and what it rests on so far. `made` are
/// delegations that come on record together with the token, so they can't be looked up yet.
/// `asserted` is which roles count of agents that are there by the word of their platform.
record Chain(
    Id.Principal subject,
    List<Id.Principal> actors,
    List<Id.Delegation> delegations,
    List<Delegation> made,
    Lineage lineage,
    Id.Task task,
    Asserted asserted,
    Instant notAfter) {

  static Instant earliest(Instant... instants) {
    var earliest = instants[0];
    for (var instant : instants) {
      earliest = instant.isBefore(earliest) ? instant : earliest;
    }
    return earliest;
  }
}
