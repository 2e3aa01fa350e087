package io.prokura.logout;

import io.prokura.kernel.Id;
import io.prokura.sql.Tx;
import java.time.Instant;
import java.util.List;

/// The SQL of [BackchannelLogouts].
final class LogoutStore {
  private LogoutStore() {}

  static void insert(Tx tx, LogoutNotice notice) {
    tx.run(
        """
        INSERT INTO logout_notice (session, client_id, user_id, attempts, due_at)
        VALUES (?, ?, ?, ?, ?)
        """,
        notice.session(),
        notice.client(),
        notice.user(),
        notice.attempts(),
        notice.dueAt());
  }

  /// Those that are due, the ones that wait longest first.
  static List<LogoutNotice> due(Tx tx, Instant now, int max) {
    return tx.list(
        """
        SELECT session, client_id, user_id, attempts, due_at
          FROM logout_notice
         WHERE due_at <= ?
         ORDER BY due_at, session, client_id
         LIMIT ?
        """,
        row ->
            new LogoutNotice(
                new Id.Session(row.text(1)),
                new Id.Client(row.text(2)),
                new Id.User(row.text(3)),
                row.number(4),
                row.instant(5)),
        now,
        max);
  }

  /// Puts `next` in the place of `notice`; false when another node was faster.
  static boolean claim(Tx tx, LogoutNotice notice, LogoutNotice next) {
    return tx.run(
            """
            UPDATE logout_notice SET attempts = ?, due_at = ?
             WHERE session = ? AND client_id = ? AND attempts = ?
            """,
            next.attempts(),
            next.dueAt(),
            notice.session(),
            notice.client(),
            notice.attempts())
        == 1;
  }

  /// False when it was gone already.
  static boolean delete(Tx tx, LogoutNotice notice) {
    return tx.run(
            "DELETE FROM logout_notice WHERE session = ? AND client_id = ?",
            notice.session(),
            notice.client())
        == 1;
  }
}
