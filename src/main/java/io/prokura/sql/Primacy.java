package io.prokura.sql;

import java.time.Duration;
import java.time.Instant;

/// Finds out whether the database that answers is still the one that all nodes write to.
///
/// A PostgreSQL primary that was replaced by its standby may live on, or come back, and whoever is
/// connected to it can read from it for ever. But it finishes no commit, because its synchronous
/// standby confirms none. So a commit that was answered is the proof. The embedded database is
/// always the one.
public final class Primacy {
  private final Database database;
  private final Duration pause;
  private Instant provenAt = Instant.MIN;

  /// Takes a proof for good for `pause`.
  public Primacy(Database database, Duration pause) {
    this.database = database;
    this.pause = pause;
  }

  /// A moment, not long before `now`, at which nobody had taken the database's place. Throws
  /// [io.prokura.kernel.Outage] when it does not commit.
  public synchronized Instant provenAt(Instant now) {
    boolean fresh = !now.isBefore(provenAt) && now.minus(pause).isBefore(provenAt);
    if (database.dialect() == Dialect.SQLITE) {
      return now;
    }
    if (!fresh) {
      commit();
      provenAt = now;
    }
    return provenAt;
  }

  /// A commit that touches no row, so that nodes never wait for each other here.
  private void commit() {
    database.inTransaction(
        tx ->
            tx.one(
                "SELECT pg_logical_emit_message(true, 'prokura', '')::text", row -> row.text(1)));
  }
}
