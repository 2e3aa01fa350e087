package io.prokura.delegation;

import io.prokura.kernel.Id;
import io.prokura.kernel.Lineage;
import io.prokura.kernel.Scopes;
import java.time.Instant;
import java.util.List;

/// What one token lets its bearer do, for whom and why. It comes only from the arithmetic of this
/// package or from a token that was verified, and only ever narrows.
///
/// `actors` are who acts, the current one first, and empty where the subject acts itself. `checked`
/// is the highest cut-off number that had been applied when the chain was checked, and `asserted`
/// which roles count of agents that are in the chain by the word of their platform.
public record Authority(
    Id.Principal subject,
    List<Id.Principal> actors,
    String clientId,
    Id.Resource resource,
    String audience,
    Scopes scopes,
    Stated purpose,
    List<Id.Delegation> delegations,
    Id.Task task,
    Lineage lineage,
    long checked,
    Asserted asserted,
    Instant notAfter) {

  public Authority {
    actors = List.copyOf(actors);
    delegations = List.copyOf(delegations);
  }

  /// Whoever is acting now.
  public Id.Principal current() {
    return actors.isEmpty() ? subject : actors.getFirst();
  }

  /// Everybody whose authority this rests on: current actor, earlier ones, the subject.
  public List<Id.Principal> chain() {
    var chain = actors.toArray(new Id.Principal[actors.size() + 1]);
    chain[actors.size()] = subject;
    return List.of(chain);
  }

  public boolean isDelegated() {
    return !actors.isEmpty();
  }
}
