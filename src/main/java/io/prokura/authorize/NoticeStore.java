package io.prokura.authorize;

import io.prokura.kernel.Id;
import io.prokura.seal.Rewrap;
import io.prokura.seal.Seal;
import io.prokura.sql.Row;
import io.prokura.sql.Tx;
import java.time.Instant;
import java.util.List;

/// The SQL of [Notices].
final class NoticeStore {
  private static final int REWRAP_MAX = 500;

  private NoticeStore() {}

  static void put(Tx tx, Id.PolledRequest request, Notice.Sealed notice) {
    tx.run("UPDATE polled_request SET notice = ? WHERE id = ?", notice.bytes(), request);
  }

  /// Has the client told from now on, where it is to be told at all.
  static void start(Tx tx, Id.PolledRequest request, Instant now) {
    tx.run(
        "UPDATE polled_request SET notice_at = ? WHERE id = ? AND notice IS NOT NULL",
        now,
        request);
  }

  static List<Notice> due(Tx tx, Instant now, int max) {
    return tx.list(
        """
        SELECT id, client_id, notice, notice_at, notice_tries
          FROM polled_request
         WHERE notice_at <= ? AND notice IS NOT NULL
         ORDER BY notice_at
         LIMIT ?
        """,
        NoticeStore::notice,
        now,
        max);
  }

  private static Notice notice(Row row) {
    return new Notice(
        new Id.PolledRequest(row.text(1)),
        row.text(2),
        new Notice.Sealed(row.bytes(3)),
        row.instant(4),
        row.integer(5));
  }

  /// Puts the next try of a notice off; false when somebody else was faster.
  static boolean putOff(Tx tx, Notice notice, Instant next) {
    return tx.run(
            """
            UPDATE polled_request
               SET notice_at = ?, notice_tries = notice_tries + 1
             WHERE id = ? AND notice_at = ?
            """,
            next,
            notice.request(),
            notice.at())
        == 1;
  }

  static void end(Tx tx, Id.PolledRequest request) {
    tx.run("UPDATE polled_request SET notice = NULL, notice_at = NULL WHERE id = ?", request);
  }

  static Rewrap.Step rewrap(Tx tx, Seal seal, List<String> after) {
    var some =
        tx.list(
            """
            SELECT id, notice
              FROM polled_request
             WHERE id > ? AND notice IS NOT NULL
             ORDER BY id
             LIMIT ?
            """,
            row ->
                new Rewrap.Item(
                    List.of(row.text(1)),
                    row.bytes(2),
                    Notices.bound(new Id.PolledRequest(row.text(1)))),
            after.getFirst(),
            REWRAP_MAX);
    return Rewrap.again(
        seal,
        some,
        REWRAP_MAX,
        (key, notice) ->
            tx.run(
                "UPDATE polled_request SET notice = ? WHERE id = ? AND notice IS NOT NULL",
                notice,
                key.getFirst()));
  }
}
