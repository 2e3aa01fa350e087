package io.prokura.audit;

import io.prokura.sql.Tx;
import java.util.Optional;

/// The SQL of [Facts].
final class FactStore {
  private FactStore() {}

  /// The reference of the version with that digest, if it is stored.
  static Optional<String> reference(Tx tx, String about, String digest) {
    return tx.one(
        "SELECT reference FROM fact WHERE about = ? AND digest = ? ORDER BY reference LIMIT 1",
        row -> row.text(1),
        about,
        digest);
  }

  static Optional<Fact.Content> find(Tx tx, String reference) {
    return tx.one(
        "SELECT about, digest, body FROM fact WHERE reference = ?",
        row -> new Fact.Content(row.text(1), row.text(2), row.text(3)),
        reference);
  }

  static void insert(Tx tx, String reference, Fact.Content content) {
    tx.run(
        """
        INSERT INTO fact (reference, about, digest, body)
        VALUES (?, ?, ?, ?)
            ON CONFLICT (reference) DO NOTHING
        """,
        reference,
        content.about(),
        content.digest(),
        content.body());
  }

  /// Forgets every version of what is known about somebody.
  static void delete(Tx tx, String about) {
    tx.run("DELETE FROM fact WHERE about = ?", about);
  }
}
