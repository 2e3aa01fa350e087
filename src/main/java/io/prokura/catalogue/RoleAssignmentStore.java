package io.prokura.catalogue;

import io.prokura.kernel.Id;
import io.prokura.sql.Row;
import io.prokura.sql.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The SQL of [RoleAssignments]. It reads who is in which group, because that is what holding a
/// role through a group means.
final class RoleAssignmentStore {
  private RoleAssignmentStore() {}

  static void insert(Tx tx, RoleAssignment assignment) {
    tx.run(
        """
        INSERT INTO role_assignment (id, role_id, holder_id, expires_at, given_by, given_at,
                                     version)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
        assignment.id(),
        assignment.role(),
        assignment.holder(),
        assignment.expiresAt(),
        assignment.given().by(),
        assignment.given().at(),
        assignment.version());
  }

  /// False when the assignment has been revoked already.
  static boolean revoke(Tx tx, Id.Assignment id, Permission.Revoked how) {
    return tx.run(
            """
            UPDATE role_assignment
               SET revoked_by = ?, revoked_at = ?, version = version + 1
             WHERE id = ? AND revoked_at IS NULL
            """,
            how.by(),
            how.at(),
            id)
        == 1;
  }

  static Optional<RoleAssignment> find(Tx tx, Id.Assignment id) {
    return tx.one(
        """
        SELECT id, role_id, holder_id, expires_at, given_by, given_at, revoked_by, revoked_at,
               version
          FROM role_assignment
         WHERE id = ?
        """,
        RoleAssignmentStore::assignment,
        id);
  }

  static List<RoleAssignment> page(Tx tx, String after, int count) {
    return tx.list(
        """
        SELECT id, role_id, holder_id, expires_at, given_by, given_at, revoked_by, revoked_at,
               version
          FROM role_assignment
         WHERE id > ?
         ORDER BY id
         LIMIT ?
        """,
        RoleAssignmentStore::assignment,
        after,
        count);
  }

  /// The assignments to exactly this principal or group that are not revoked.
  static List<RoleAssignment> of(Tx tx, String holder, String after, int count) {
    return tx.list(
        """
        SELECT id, role_id, holder_id, expires_at, given_by, given_at, revoked_by, revoked_at,
               version
          FROM role_assignment
         WHERE holder_id = ? AND id > ? AND revoked_at IS NULL
         ORDER BY id
         LIMIT ?
        """,
        RoleAssignmentStore::assignment,
        holder,
        after,
        count);
  }

  /// The assignments that are not revoked by which a principal holds roles, through its groups too.
  static List<RoleAssignment> heldBy(Tx tx, String principal) {
    return tx.list(
        """
        SELECT id, role_id, holder_id, expires_at, given_by, given_at, revoked_by, revoked_at,
               version
          FROM role_assignment
         WHERE revoked_at IS NULL
           AND (holder_id = ?
                OR holder_id IN (SELECT group_id FROM directory_member WHERE user_id = ?))
         ORDER BY id
        """,
        RoleAssignmentStore::assignment,
        principal,
        principal);
  }

  static List<Id.User> members(Tx tx, Id.Group group) {
    return tx.list(
        "SELECT user_id FROM directory_member WHERE group_id = ? ORDER BY user_id",
        row -> new Id.User(row.text(1)),
        group);
  }

  /// Somebody who holds both roles at `now`.
  static Optional<String> holderOfBoth(Tx tx, Id.Role one, Id.Role other, Instant now) {
    return tx.one(
        """
        SELECT a.principal_id
          FROM (SELECT COALESCE(m.user_id, r.holder_id) AS principal_id
                  FROM role_assignment r
                  LEFT JOIN directory_member m ON m.group_id = r.holder_id
                 WHERE r.role_id = ? AND r.revoked_at IS NULL
                   AND (r.expires_at IS NULL OR r.expires_at > ?)) a
          JOIN (SELECT COALESCE(m.user_id, r.holder_id) AS principal_id
                  FROM role_assignment r
                  LEFT JOIN directory_member m ON m.group_id = r.holder_id
                 WHERE r.role_id = ? AND r.revoked_at IS NULL
                   AND (r.expires_at IS NULL OR r.expires_at > ?)) b
            ON b.principal_id = a.principal_id
         LIMIT 1
        """,
        row -> row.text(1),
        one,
        now,
        other,
        now);
  }

  static boolean wasEverOf(Tx tx, Id holder, Id.Role role) {
    return tx.one(
            "SELECT id FROM role_assignment WHERE holder_id = ? AND role_id = ? LIMIT 1",
            row -> row.text(1),
            holder,
            role)
        .isPresent();
  }

  static boolean isAssigned(Tx tx, Id.Role role) {
    return tx.one(
            "SELECT id FROM role_assignment WHERE role_id = ? AND revoked_at IS NULL LIMIT 1",
            row -> row.text(1),
            role)
        .isPresent();
  }

  private static RoleAssignment assignment(Row row) {
    return new RoleAssignment(
        new Id.Assignment(row.text(1)),
        new Id.Role(row.text(2)),
        RoleAssignment.parseHolder(row.text(3)).orElseThrow(),
        row.optionalInstant(4),
        new Permission.Given(Id.Principal.parse(row.text(5)).orElseThrow(), row.instant(6)),
        row.optionalText(7)
            .flatMap(Id.Principal::parse)
            .map(by -> new Permission.Revoked(by, row.instant(8))),
        row.number(9));
  }
}
