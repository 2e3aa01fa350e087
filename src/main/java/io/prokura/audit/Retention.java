package io.prokura.audit;

import io.prokura.kernel.World;
import io.prokura.sql.Database;
import java.time.Duration;

/// Forgets free text and addresses in the record once they have been kept long enough. The leaves,
/// and with them every hash and proof, stay as they are.
public final class Retention {
  private static final int BATCH_MAX = 1_000;

  private final Database database;
  private final World world;
  private final Duration kept;

  public Retention(Database database, World world, Duration kept) {
    this.database = database;
    this.world = world;
    this.kept = kept;
  }

  /// Forgets all that has been kept long enough by now.
  public void run() {
    while (tick()) {
      // A full batch may not have been the last.
    }
  }

  /// Forgets a batch; true when there may be more.
  public boolean tick() {
    var before = world.now().minus(kept);
    return database.inTransaction(
        tx -> {
          tx.makeUrgent();
          return EntryStore.forgetFree(tx, before, BATCH_MAX);
        });
  }
}
