package io.prokura.sql;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// A database that counts how often it is read.
public final class CountedDatabase implements Database {
  private final Database database;
  private final AtomicInteger reads;

  public CountedDatabase(Database database, AtomicInteger reads) {
    this.database = database;
    this.reads = reads;
  }

  @Override
  public <T> T inTransaction(Function<Tx, T> work) {
    return database.inTransaction(work);
  }

  @Override
  public <T> T read(Function<Tx, T> work) {
    reads.incrementAndGet();
    return database.read(work);
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
