package io.prokura.sql;

/// Finds out whether the database takes writes while nobody else writes, so that a server with a
/// full disk knows it before its first caller does.
///
/// Reading tells nothing of that, and neither does a write that fits into what the database has:
/// the check takes room for some entries and gives it back.
public final class WriteCheck {
  private static final byte[] ROOM = new byte[16 * 1024];
  private static final byte[] NONE = {};

  private final Database database;

  public WriteCheck(Database database) {
    this.database = database;
  }

  /// Throws [io.prokura.kernel.Outage] when the database takes no writes.
  public void run() {
    take(ROOM);
    take(NONE);
  }

  private void take(byte[] room) {
    database.inTransaction(
        tx ->
            tx.run(
                """
                INSERT INTO write_check (one, room) VALUES (1, ?)
                    ON CONFLICT (one) DO UPDATE SET room = excluded.room
                """,
                room));
  }
}
