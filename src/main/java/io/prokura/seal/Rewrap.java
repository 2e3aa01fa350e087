package io.prokura.seal;

import io.prokura.sql.Tx;
import java.util.List;

/// A kind of thing that is stored wrapped under the master key, and how to wrap it again under the
/// newest one, some at a time.
///
/// @param start where to begin: the least key of the table
/// @param batch wraps what comes next again
public record Rewrap(List<String> start, Batch batch) {

  public Rewrap {
    start = List.copyOf(start);
  }

  /// Wraps the things behind the key `after` again, of which there may be more than one batch.
  @FunctionalInterface
  public interface Batch {
    Step run(Tx tx, List<String> after);
  }

  /// One stored thing: its key in the table, its bytes, and what those are bound to.
  public static final class Item {
    private final List<String> key;
    private final byte[] wrapped;
    private final byte[] associated;

    public Item(List<String> key, byte[] wrapped, byte[] associated) {
      this.key = List.copyOf(key);
      this.wrapped = wrapped.clone();
      this.associated = associated.clone();
    }
  }

  /// Stores the bytes of a thing anew; returns how many rows that changed.
  @FunctionalInterface
  public interface Store {
    int put(List<String> key, byte[] wrapped);
  }

  /// Wraps those of `some` again that are under an older master key. There are no more behind them
  /// when they are fewer than `max`.
  public static Step again(Seal seal, List<Item> some, int max, Store store) {
    int wrapped = 0;
    for (var item : some) {
      if (!seal.isCurrent(item.wrapped)) {
        var plain = seal.unwrap(item.wrapped, item.associated);
        wrapped += store.put(item.key, seal.wrap(plain, item.associated));
      }
    }
    return new Step(some.size() < max ? List.of() : some.getLast().key, wrapped);
  }

  /// What one batch did.
  ///
  /// @param last the key of the last thing it looked at; empty when there are no more
  /// @param wrapped how many things were under an older master key
  public record Step(List<String> last, int wrapped) {
    public Step {
      last = List.copyOf(last);
    }
  }
}
