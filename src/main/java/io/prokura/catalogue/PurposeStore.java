package io.prokura.catalogue;

import io.prokura.directory.Directory;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.sql.Row;
import io.prokura.sql.Tx;
import java.util.List;
import java.util.Optional;

/// The SQL of [Purposes].
final class PurposeStore {
  private PurposeStore() {}

  /// False when the name is taken.
  static boolean insert(Tx tx, Purpose purpose) {
    return tx.run(
            """
            INSERT INTO purpose (id, name, description, owner_id, legal_basis, data_categories,
                                 covers, broader_id, hours, expires_at, version)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (name) DO NOTHING
            """,
            purpose.id(),
            purpose.name(),
            purpose.description(),
            purpose.owner(),
            purpose.legalBasis(),
            Json.texts(purpose.dataCategories()).toText(),
            Columns.covers(purpose.covers()).toText(),
            purpose.broader(),
            hours(purpose),
            purpose.expiresAt(),
            purpose.version())
        == 1;
  }

  /// Writes everything but the name over the version of `purpose`; false when that is no longer the
  /// version.
  static boolean update(Tx tx, Purpose purpose) {
    return tx.run(
            """
            UPDATE purpose
               SET description = ?, owner_id = ?, legal_basis = ?, data_categories = ?, covers = ?,
                   broader_id = ?, hours = ?, expires_at = ?, version = version + 1
             WHERE id = ? AND version = ?
            """,
            purpose.description(),
            purpose.owner(),
            purpose.legalBasis(),
            Json.texts(purpose.dataCategories()).toText(),
            Columns.covers(purpose.covers()).toText(),
            purpose.broader(),
            hours(purpose),
            purpose.expiresAt(),
            purpose.id(),
            purpose.version())
        == 1;
  }

  static Optional<Purpose> find(Tx tx, Id.Purpose id) {
    return tx.one(
        """
        SELECT id, name, description, owner_id, legal_basis, data_categories, covers, broader_id,
               hours, expires_at, version
          FROM purpose
         WHERE id = ?
        """,
        PurposeStore::purpose,
        id);
  }

  static List<Purpose> page(Tx tx, String after, int count) {
    return tx.list(
        """
        SELECT id, name, description, owner_id, legal_basis, data_categories, covers, broader_id,
               hours, expires_at, version
          FROM purpose
         WHERE id > ?
         ORDER BY id
         LIMIT ?
        """,
        PurposeStore::purpose,
        after,
        count);
  }

  /// The purposes registered as narrower than `broader`.
  static List<Purpose> narrower(Tx tx, Id.Purpose broader) {
    return tx.list(
        """
        SELECT id, name, description, owner_id, legal_basis, data_categories, covers, broader_id,
               hours, expires_at, version
          FROM purpose
         WHERE broader_id = ?
         ORDER BY id
        """,
        PurposeStore::purpose,
        broader);
  }

  static boolean hasOwner(Tx tx, Id.Group owner) {
    return tx.one(
            "SELECT id FROM purpose WHERE owner_id = ? ORDER BY id LIMIT 1",
            row -> row.text(1),
            owner)
        .isPresent();
  }

  private static Purpose purpose(Row row) {
    return new Purpose(
        new Id.Purpose(row.text(1)),
        row.text(2),
        row.text(3),
        Directory.parseOwner(row.text(4)).orElseThrow(),
        row.text(5),
        Columns.texts(row.text(6)),
        Columns.covers(row.text(7)),
        row.optionalText(8).map(Id.Purpose::new),
        row.optionalText(9).map(Columns::hours),
        row.optionalInstant(10),
        row.number(11));
  }

  private static Optional<String> hours(Purpose purpose) {
    return purpose.hours().map(some -> HoursReader.json(some).toText());
  }
}
