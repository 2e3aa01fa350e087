package io.prokura.simulation;

import io.prokura.sql.Database;
import io.prokura.sql.Dialect;
import io.prokura.sql.FaultyDatabase;
import io.prokura.sql.FaultyDatabase.Fault;
import io.prokura.sql.Tx;
import java.util.function.Function;
import java.util.function.Supplier;

/// A node's way to the database that all nodes share. Calls fail as [Trouble] says, none arrives
/// once the node has ended, and between two calls others may do something.
final class NodeDatabase implements Database {
  private final FaultyDatabase faulty;
  private final Trouble trouble;
  private int inside;
  private boolean ended;

  NodeDatabase(Database shared, Trouble trouble) {
    this.trouble = trouble;
    faulty = new FaultyDatabase(shared);
    faulty.follow(this::fault);
  }

  void end() {
    ended = true;
  }

  boolean hasEnded() {
    return ended;
  }

  private Fault fault(boolean writes) {
    if (ended) {
      return Fault.BEFORE;
    }
    var fault = trouble.next(writes);
    ended = trouble.endsTheNode();
    return fault;
  }

  @Override
  public <T> T inTransaction(Function<Tx, T> work) {
    meanwhile();
    return within(() -> faulty.inTransaction(work));
  }

  @Override
  public <T> T read(Function<Tx, T> work) {
    meanwhile();
    T result = within(() -> faulty.read(work));
    meanwhile();
    return result;
  }

  /// Not while a call is on its way: what follows a commit is one piece of work with it, and no
  /// other thread enters that.
  private void meanwhile() {
    if (inside == 0 && !ended) {
      trouble.meanwhile();
    }
  }

  private <T> T within(Supplier<T> call) {
    inside++;
    try {
      return call.get();
    } finally {
      inside--;
    }
  }

  @Override
  public Dialect dialect() {
    return faulty.dialect();
  }

  /// The database is not this node's alone.
  @Override
  public void close() {
    end();
  }
}
