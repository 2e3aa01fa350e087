package io.prokura.catalogue;

import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Scopes;
import io.prokura.sql.Row;
import io.prokura.sql.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The SQL of [Permissions].
final class PermissionStore {
  private PermissionStore() {}

  static void insert(Tx tx, Permission permission) {
    tx.run(
        """
        INSERT INTO permission (id, principal_id, resource_id, actions, mode, expires_at, given_by,
                                given_at, version)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        permission.id(),
        permission.principal(),
        permission.resource(),
        Json.texts(permission.actions().values()).toText(),
        permission.mode().word(),
        permission.expiresAt(),
        permission.given().by(),
        permission.given().at(),
        permission.version());
    for (var action : permission.actions().values()) {
      tx.run(
          "INSERT INTO permission_action (permission_id, resource_id, action) VALUES (?, ?, ?)",
          permission.id(),
          permission.resource(),
          action);
    }
  }

  /// False when the permission has been revoked already.
  static boolean revoke(Tx tx, Id.Permission id, Permission.Revoked how) {
    tx.run("DELETE FROM permission_action WHERE permission_id = ?", id);
    return tx.run(
            """
            UPDATE permission
               SET revoked_by = ?, revoked_at = ?, version = version + 1
             WHERE id = ? AND revoked_at IS NULL
            """,
            how.by(),
            how.at(),
            id)
        == 1;
  }

  static Optional<Permission> find(Tx tx, Id.Permission id) {
    return tx.one(
        """
        SELECT id, principal_id, resource_id, actions, mode, expires_at, given_by, given_at,
               revoked_by, revoked_at, version
          FROM permission
         WHERE id = ?
        """,
        PermissionStore::permission,
        id);
  }

  static List<Permission> page(Tx tx, String after, int count) {
    return tx.list(
        """
        SELECT id, principal_id, resource_id, actions, mode, expires_at, given_by, given_at,
               revoked_by, revoked_at, version
          FROM permission
         WHERE id > ?
         ORDER BY id
         LIMIT ?
        """,
        PermissionStore::permission,
        after,
        count);
  }

  /// The permissions of a principal that are not revoked, whether expired or not.
  static List<Permission> heldBy(Tx tx, String principal, String after, int count) {
    return tx.list(
        """
        SELECT id, principal_id, resource_id, actions, mode, expires_at, given_by, given_at,
               revoked_by, revoked_at, version
          FROM permission
         WHERE principal_id = ? AND id > ? AND revoked_at IS NULL
         ORDER BY id
         LIMIT ?
        """,
        PermissionStore::permission,
        principal,
        after,
        count);
  }

  static long countHeldBy(Tx tx, Id.Principal principal) {
    return tx.one(
            "SELECT COUNT(*) FROM permission WHERE principal_id = ? AND revoked_at IS NULL",
            row -> row.number(1),
            principal)
        .orElseThrow();
  }

  /// Whether a permission in force at `now` names the action.
  static boolean names(Tx tx, Id.Resource resource, String action, Instant now) {
    return tx.one(
            """
            SELECT p.id
              FROM permission_action a
              JOIN permission p ON p.id = a.permission_id
             WHERE a.resource_id = ? AND a.action = ?
               AND (p.expires_at IS NULL OR p.expires_at > ?)
             LIMIT 1
            """,
            row -> row.text(1),
            resource,
            action,
            now)
        .isPresent();
  }

  private static Permission permission(Row row) {
    return new Permission(
        new Id.Permission(row.text(1)),
        Id.Principal.parse(row.text(2)).orElseThrow(),
        new Id.Resource(row.text(3)),
        Scopes.of(Columns.texts(row.text(4))),
        PermissionMode.parse(row.text(5)).orElseThrow(),
        row.optionalInstant(6),
        new Permission.Given(Id.Principal.parse(row.text(7)).orElseThrow(), row.instant(8)),
        row.optionalText(9)
            .flatMap(Id.Principal::parse)
            .map(by -> new Permission.Revoked(by, row.instant(10))),
        row.number(11));
  }
}
