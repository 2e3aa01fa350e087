package io.prokura.catalogue;

import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.sql.Row;
import io.prokura.sql.Tx;
import java.util.List;
import java.util.Optional;

/// The SQL of [Roles].
final class RoleStore {
  private RoleStore() {}

  /// False when the name is taken.
  static boolean insert(Tx tx, Role role) {
    return tx.run(
            """
            INSERT INTO role (id, name, description, permissions, excludes, version)
            VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (name) DO NOTHING
            """,
            role.id(),
            role.name(),
            role.description(),
            Columns.allowed(role.permissions()).toText(),
            excludes(role),
            role.version())
        == 1;
  }

  /// Writes everything but the name over the version of `role`; false when that is no longer the
  /// version.
  static boolean update(Tx tx, Role role) {
    return tx.run(
            """
            UPDATE role
               SET description = ?, permissions = ?, excludes = ?, version = version + 1
             WHERE id = ? AND version = ?
            """,
            role.description(),
            Columns.allowed(role.permissions()).toText(),
            excludes(role),
            role.id(),
            role.version())
        == 1;
  }

  static boolean delete(Tx tx, Id.Role id, long version) {
    return tx.run("DELETE FROM role WHERE id = ? AND version = ?", id, version) == 1;
  }

  static Optional<Role> find(Tx tx, Id.Role id) {
    return tx.one(
        """
        SELECT id, name, description, permissions, excludes, version
          FROM role
         WHERE id = ?
        """,
        RoleStore::role,
        id);
  }

  static List<Role> page(Tx tx, String after, int count) {
    return tx.list(
        """
        SELECT id, name, description, permissions, excludes, version
          FROM role
         WHERE id > ?
         ORDER BY id
         LIMIT ?
        """,
        RoleStore::role,
        after,
        count);
  }

  private static String excludes(Role role) {
    return Json.texts(role.excludes().stream().map(Id.Role::text).toList()).toText();
  }

  private static Role role(Row row) {
    return new Role(
        new Id.Role(row.text(1)),
        row.text(2),
        row.text(3),
        Columns.allowed(row.text(4)),
        Columns.texts(row.text(5)).stream().map(Id.Role::new).toList(),
        row.number(6));
  }
}
