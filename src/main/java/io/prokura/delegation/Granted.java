package io.prokura.delegation;

import io.prokura.kernel.Lineage;
import java.time.Instant;
import java.util.List;

/// What a person granted through a client, or a trusted issuer vouches for, as far as it bounds
/// authority: which client, what bounds it on the resource, everything that it rests on, and until
/// when it lasts. `checked` is the highest cut-off number that had been applied before that was
/// looked at.
public record Granted(
    String clientId, List<Operand> bounds, Lineage lineage, Instant until, long checked) {

  public Granted {
    bounds = List.copyOf(bounds);
  }

  /// What is bounded by the ceiling of an application alone.
  public Granted(
      String clientId, Operand.Actions ceiling, Lineage lineage, Instant until, long checked) {
    this(clientId, List.of(ceiling), lineage, until, checked);
  }

  /// The same that also rests on `more`, which was looked at after the cut-off `seen`.
  public Granted with(Lineage more, long seen) {
    return new Granted(clientId, bounds, lineage.with(more), until, Math.min(checked, seen));
  }
}
