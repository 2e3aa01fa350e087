package io.prokura.upstream;

import io.prokura.kernel.Id;
import io.prokura.sql.Tx;
import java.time.Instant;
import java.util.Optional;

/// The SQL of [Links].
final class LinkStore {
  private LinkStore() {}

  static Optional<Id.User> find(Tx tx, Id.Issuer issuer, String sub) {
    return tx.one(
        "SELECT user_id FROM user_link WHERE issuer_id = ? AND sub = ?",
        row -> new Id.User(row.text(1)),
        issuer,
        sub);
  }

  /// False when somebody is linked already.
  static boolean insert(Tx tx, Id.Issuer issuer, String sub, Id.User user, Instant now) {
    return tx.run(
            """
            INSERT INTO user_link (issuer_id, sub, user_id, linked_at)
            VALUES (?, ?, ?, ?)
                ON CONFLICT (issuer_id, sub) DO NOTHING
            """,
            issuer,
            sub,
            user,
            now)
        == 1;
  }
}
