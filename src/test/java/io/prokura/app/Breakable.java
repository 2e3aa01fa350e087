package io.prokura.app;

import io.prokura.sql.Database;
import io.prokura.sql.Dialect;
import io.prokura.sql.Tx;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;

/// A database that fails to write as long as it is told to.
final class Breakable implements Database {
  private final Database whole;
  private final AtomicReference<Optional<Supplier<RuntimeException>>> failure =
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

  @Override
  public <T> T inTransaction(Function<Tx, T> work) {
    failure
        .get()
        .ifPresent(
            reason -> {
              throw reason.get();
            });
    return whole.inTransaction(work);
  }

  @Override
  public <T> T read(Function<Tx, T> work) {
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
