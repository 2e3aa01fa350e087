package io.prokura.sql;

import io.prokura.kernel.Outage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;

/// A database in which one class gets no answers to its reads for as long as a test holds them
/// back.
public final class SlowDatabase implements Database {
  private static final int HELD_SECONDS_MAX = 60;

  private final Database database;
  private final String reader;
  private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();

  public SlowDatabase(Database database, Class<?> reader) {
    this.database = database;
    this.reader = reader.getName() + "$$";
  }

  /// Holds back what the class reads from now on; what it has begun to read is finished first.
  public void hold() {
    gate.writeLock().lock();
  }

  /// Lets the reads go on. For the thread that held them back.
  public void release() {
    gate.writeLock().unlock();
  }

  @Override
  public <T> T read(Function<Tx, T> work) {
    // The work is a lambda, whose class is named after the one it is written in.
    return work.getClass().getName().startsWith(reader) ? behindTheGate(work) : database.read(work);
  }

  private <T> T behindTheGate(Function<Tx, T> work) {
    try {
      if (!gate.readLock().tryLock(HELD_SECONDS_MAX, TimeUnit.SECONDS)) {
        throw new Outage("held back for too long");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Outage("interrupted", e);
    }
    try {
      return database.read(work);
    } finally {
      gate.readLock().unlock();
    }
  }

  @Override
  public <T> T inTransaction(Function<Tx, T> work) {
    return database.inTransaction(work);
  }

  @Override
  public Dialect dialect() {
    return database.dialect();
  }

  @Override
  public void close() {
    database.close();
  }
}
