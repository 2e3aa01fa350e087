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

  /// The newest cut-off of every target.
  static List<CutOff> newest(Tx tx) {
    return tx.list(
        """
        SELECT c.number, c.target, c.by_id, c.at
          FROM cutoff c
         WHERE c.number = (SELECT max(number) FROM cutoff d WHERE d.target = c.target)
        """,
        CutOffStore::cutOff);
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
    return new CutOff(
        row.number(1), row.text(2), Id.Principal.parse(row.text(3)).orElseThrow(), row.instant(4));
  }
}
