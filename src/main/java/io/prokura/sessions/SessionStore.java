package io.prokura.sessions;

import io.prokura.kernel.Id;
import io.prokura.sql.Row;
import io.prokura.sql.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The SQL of [Sessions].
final class SessionStore {
  private SessionStore() {}

  static void insert(Tx tx, Session session, String digest) {
    tx.run(
        """
        INSERT INTO session (id, digest, user_id, checked, amr, acr, issuer, link, started_at,
                             seen_at, ends_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        session.id(),
        digest,
        session.user(),
        session.checked(),
        String.join(" ", session.amr()),
        session.acr(),
        session.account().map(LinkedAccount::issuer),
        session.account().map(LinkedAccount::link),
        session.startedAt(),
        session.seenAt(),
        session.endsAt());
  }

  static Optional<Session> ofDigest(Tx tx, String digest) {
    return tx.one(
        """
        SELECT id, user_id, checked, amr, acr, issuer, link, started_at, seen_at, ends_at
          FROM session
         WHERE digest = ?
        """,
        SessionStore::session,
        digest);
  }

  static Optional<Session> find(Tx tx, Id.Session id) {
    return tx.one(
        """
        SELECT id, user_id, checked, amr, acr, issuer, link, started_at, seen_at, ends_at
          FROM session
         WHERE id = ?
        """,
        SessionStore::session,
        id);
  }

  /// Those whose time is not over.
  static List<Session> page(
      Tx tx, Id.User user, Instant now, Instant seenBefore, String after, int count) {
    return tx.list(
        """
        SELECT id, user_id, checked, amr, acr, issuer, link, started_at, seen_at, ends_at
          FROM session
         WHERE user_id = ? AND ends_at > ? AND seen_at > ? AND id > ?
         ORDER BY id
         LIMIT ?
        """,
        SessionStore::session,
        user,
        now,
        seenBefore,
        after,
        count);
  }

  /// Those of a user that began last, newest first, from the one after the first `skipped`.
  static List<Session> oldest(Tx tx, Id.User user, int skipped) {
    return tx.list(
        """
        SELECT id, user_id, checked, amr, acr, issuer, link, started_at, seen_at, ends_at
          FROM session
         WHERE user_id = ?
         ORDER BY started_at DESC, id
         LIMIT 1000 OFFSET ?
        """,
        SessionStore::session,
        user,
        skipped);
  }

  static void see(Tx tx, Id.Session id, Instant at) {
    tx.run("UPDATE session SET seen_at = ? WHERE id = ? AND seen_at < ?", at, id, at);
  }

  static boolean delete(Tx tx, Id.Session id) {
    return tx.run("DELETE FROM session WHERE id = ?", id) == 1;
  }

  /// Those whose time is over, at most `max`.
  static List<Session> over(Tx tx, Instant now, int max) {
    return tx.list(
        """
        SELECT id, user_id, checked, amr, acr, issuer, link, started_at, seen_at, ends_at
          FROM session
         WHERE ends_at <= ?
         ORDER BY id
         LIMIT ?
        """,
        SessionStore::session,
        now,
        max);
  }

  /// Those that began by an issuer which was cut off since, at most `max`. It looks at one entry of
  /// the index for each issuer, however many sessions there are.
  static List<Session> cutOff(Tx tx, int max) {
    return tx.list(
        """
        WITH RECURSIVE known (issuer) AS (
          SELECT MIN(issuer) FROM session WHERE issuer IS NOT NULL
          UNION ALL
          SELECT (SELECT MIN(issuer) FROM session WHERE issuer > known.issuer)
            FROM known
           WHERE known.issuer IS NOT NULL)
        SELECT id, user_id, checked, amr, acr, session.issuer, link, started_at, seen_at, ends_at
          FROM known
          JOIN session ON session.issuer = known.issuer
         WHERE checked < (SELECT MAX(number) FROM cutoff WHERE target = known.issuer)
         ORDER BY id
         LIMIT ?
        """,
        SessionStore::session,
        max);
  }

  private static Session session(Row row) {
    return new Session(
        new Id.Session(row.text(1)),
        new Id.User(row.text(2)),
        row.number(3),
        List.of(row.text(4).split(" ", -1)),
        row.text(5),
        LinkedAccount.of(row.optionalText(6), row.optionalText(7)),
        row.instant(8),
        row.instant(9),
        row.instant(10));
  }
}
