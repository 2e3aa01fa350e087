package io.prokura.policy;

import io.prokura.kernel.Id;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// That a set was published: under which number, on which it was based, by whom and from whose
/// draft. `restores` is the earlier number whose content a rollback brought back. Without `by` the
/// server did it at its start.
public record Publication(
    PolicySetName set,
    long number,
    String digest,
    long base,
    Optional<Long> restores,
    List<Id.Principal> authors,
    Optional<Id.Principal> by,
    Instant at,
    String note) {

  public Publication {
    authors = List.copyOf(authors);
  }
}
