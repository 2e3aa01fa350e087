package io.prokura.cutoff;

import io.prokura.kernel.Id;
import io.prokura.sql.Row;
import io.prokura.sql.Tx;
import java.util.List;

/// The SQL of [CutOffs].
final class CutOffStore {
  private CutOffStore() {}

  static void insert(Tx tx, CutOff cutOff) {
    tx.run(
        "INSERT INTO cutoff (number, target, by_id, at) VALUES (?, ?, ?, ?)",
        cutOff.number(),
        cutOff.target(),
        cutOff.by(),
        cutOff.at());
  }

  /// The newest cut-off of every target, in the order of their numbers; of tokens only those
  /// greater than `after`.
  static List<CutOff> newest(Tx tx, long after) {
    return tx.list(
        """
        SELECT c.number, c.target, c.by_id, c.at
          FROM cutoff c
         WHERE c.number = (SELECT max(number) FROM cutoff d WHERE d.target = c.target)
           AND (c.number > ? OR (c.target NOT LIKE 'tok%' AND c.target NOT LIKE 'ses%'))
         ORDER BY c.number
        """,
        CutOffStore::cutOff, after);
  }

  /// The greatest number of a token's cut-off with `count` greater ones; 0 when there is none.
  static long tokensBefore(Tx tx, int count) {
    return tx.one(
            """
            SELECT number
              FROM cutoff
             WHERE (target LIKE 'tok%' OR target LIKE 'ses%')
             ORDER BY number DESC
             LIMIT 1 OFFSET ?
            """,
            row -> row.number(1), count)
        .orElse(0L);
  }

  /// Whether there is a cut-off of `target` greater than `after`.
  static boolean isCutOff(Tx tx, String target, long after) {
    return tx.one(
            "SELECT max(number) FROM cutoff WHERE target = ? AND number > ?",
            row -> row.optionalNumber(1),
            target,
            after)
        .orElseThrow()
        .isPresent();
  }

  static List<CutOff> list(Tx tx, long before, int count) {
    return tx.list(
        """
        SELECT number, target, by_id, at
          FROM cutoff
         WHERE number < ?
         ORDER BY number DESC
         LIMIT ?
        """,
        CutOffStore::cutOff,
        before,
        count);
  }

  private static CutOff cutOff(Row row) {
    return new CutOff(row.number(1), row.text(2), by(row.text(3)), row.instant(4));
  }

  /// A principal, or an application that ended itself.
  private static Id by(String text) {
    return Id.Principal.parse(text)
        .<Id>map(principal -> principal)
        .or(() -> Id.Client.parse(text))
        .orElseThrow();
  }
}
