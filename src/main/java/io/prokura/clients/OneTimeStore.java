package io.prokura.clients;

import io.prokura.sql.Tx;
import java.time.Instant;

/// The SQL of [OneTime].
final class OneTimeStore {
  private OneTimeStore() {}

  /// True for the first server ever started on this database.
  static boolean isFirstStart(Tx tx) {
    return tx.run("INSERT INTO one_time_started (one) VALUES (1) ON CONFLICT (one) DO NOTHING")
        == 1;
  }

  /// False when the hash is there already.
  static boolean insert(Tx tx, byte[] hash, Instant until) {
    return tx.run(
            "INSERT INTO one_time (hash, until) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING",
            hash,
            until)
        == 1;
  }

  static int sweep(Tx tx, Instant now, int count) {
    return tx.run(
        """
        DELETE FROM one_time
         WHERE hash IN (SELECT hash FROM one_time WHERE until <= ? ORDER BY until LIMIT ?)
        """,
        now,
        count);
  }
}
