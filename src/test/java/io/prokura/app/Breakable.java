package io.prokura.app;

import io.prokura.sql.Database;
import io.prokura.sql.Dialect;
import io.prokura.sql.Tx;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;

/// A database that fails to write, or to do anything, as long as it is told to.
final class Breakable implements Database {
  private final Database whole;
  private final AtomicReference<Optional<Supplier<RuntimeException>>> failure =
      new AtomicReference<>(Optional.empty());
  private final AtomicReference<Optional<Supplier<RuntimeException>>> unreadable =
      new AtomicReference<>(Optional.empty());

  Breakable(Database whole) {
    this.whole = whole;
  }

  /// What `call` returns while every write fails with `reason`.
  <T> T broken(Supplier<RuntimeException> reason, Supplier<T> call) {
    failure.set(Optional.of(reason));
    try {
      return call.get();
    } finally {
      failure.set(Optional.empty());
    }
  }

  /// What `call` returns while every read and every write fails with `reason`.
  <T> T gone(Supplier<RuntimeException> reason, Supplier<T> call) {
    unreadable.set(Optional.of(reason));
    try {
      return broken(reason, call);
    } finally {
      unreadable.set(Optional.empty());
    }
  }

  @Override
  public <T> T inTransaction(Function<Tx, T> work) {
    failWhere(failure);
    return whole.inTransaction(work);
  }

  private static void failWhere(AtomicReference<Optional<Supplier<RuntimeException>>> failure) {
    failure
        .get()
        .ifPresent(
            reason -> {
              throw reason.get();
            });
  }

  @Override
  public <T> T read(Function<Tx, T> work) {
    failWhere(unreadable);
    return whole.read(work);
  }

  @Override
  public Dialect dialect() {
    return whole.dialect();
  }

  @Override
  public void close() {
    whole.close();
  }
}
