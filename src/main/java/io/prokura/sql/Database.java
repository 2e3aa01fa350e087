package io.prokura.sql;

import java.util.function.Function;

/// The one seam to storage. Methods throw [io.prokura.kernel.Outage] when the database cannot do
/// what was asked; after an outage the write may or may not have happened.
public interface Database extends AutoCloseable {

  /// Runs `work` in one serializable transaction: all of it happens durably, or none. Work that
  /// throws or returns `Result.Refused` leaves nothing behind. Work may run more than once, so it
  /// must have no effect but through its `Tx`, and must not open a transaction itself.
  <T> T inTransaction(Function<Tx, T> work);

  /// Runs `work` on one consistent snapshot of what is committed; it must not write.
  <T> T read(Function<Tx, T> work);

  Dialect dialect();

  @Override
  void close();
}
