package io.prokura.audit;

import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.World;
import io.prokura.seal.Seal;
import io.prokura.sql.Dialect;
import io.prokura.sql.Tx;

/// The record as the rest of the server writes it: an entry goes into the transaction of what it
/// tells of, so that neither is ever durable without the other.
public final class AuditLog {
  private final World world;
  private final Seal seal;
  private final Persons persons;
  private final Limits limits;
  private final Dialect dialect;

  public AuditLog(World world, Seal seal, Persons persons, Limits limits, Dialect dialect) {
    this.world = world;
    this.seal = seal;
    this.persons = persons;
    this.limits = limits;
    this.dialect = dialect;
  }

  /// Appends one entry. Its place in the tree is given by the sequencer within a second.
  public Id.Entry append(Tx tx, Event event) {
    var leaf = Leaf.of(tx, event, world, seal, persons);
    if (leaf.text().length() > limits.leafMax()) {
      throw new IllegalStateException(
          "a leaf of type %s is larger than %d bytes".formatted(event.type, limits.leafMax()));
    }
    EntryStore.insert(tx, leaf, dialect);
    return leaf.id();
  }
}
