package io.prokura.audit;

import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.World;
import io.prokura.seal.Seal;
import io.prokura.sql.Dialect;
import io.prokura.sql.Tx;
import java.util.function.Function;

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
    return append(tx, leaf(event, user -> persons.of(tx, user)));
  }

  /// Makes an entry before the transaction it belongs to: all that costs time is done on the
  /// caller's thread then, and what is left for [#append(Tx, Leaf)] is one insert. Not to be called
  /// inside a transaction.
  public Leaf leaf(Event event) {
    return leaf(event, persons::of);
  }

  private Leaf leaf(Event event, Function<Id.User, Person> known) {
    var leaf = Leaf.of(event, world, seal, known);
    if (leaf.bytes().length > limits.leafMax()) {
      throw new IllegalStateException(
          "a leaf of type %s is larger than %d bytes".formatted(event.type, limits.leafMax()));
    }
    return leaf;
  }

  /// Appends an entry that was made before. Its place in the tree is given by the sequencer within
  /// a second.
  public Id.Entry append(Tx tx, Leaf leaf) {
    EntryStore.insert(tx, leaf.underNewest(seal), dialect);
    return leaf.id();
  }
}
