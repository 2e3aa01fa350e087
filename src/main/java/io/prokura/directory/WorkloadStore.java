package io.prokura.directory;

import io.prokura.kernel.Id;
import io.prokura.sql.Row;
import io.prokura.sql.Tx;
import java.util.List;
import java.util.Optional;

/// The SQL of [Workloads].
final class WorkloadStore {
  private WorkloadStore() {}

  static void insert(Tx tx, Workload workload) {
    tx.run(
        """
        INSERT INTO workload
          (id, name, description, owner_id, active, roles, transaction_tokens, version)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
        workload.id(),
        workload.name(),
        workload.description(),
        workload.owner(),
        workload.active(),
        ManagementRole.column(workload.roles()),
        workload.transactionTokens(),
        workload.version());
  }

  /// Writes everything of `workload` over its version; false when that is no longer the version.
  static boolean update(Tx tx, Workload workload) {
    return tx.run(
            """
            UPDATE workload
               SET name = ?, description = ?, owner_id = ?, active = ?, roles = ?,
                   transaction_tokens = ?, version = version + 1
             WHERE id = ? AND version = ?
            """,
            workload.name(),
            workload.description(),
            workload.owner(),
            workload.active(),
            ManagementRole.column(workload.roles()),
            workload.transactionTokens(),
            workload.id(),
            workload.version())
        == 1;
  }

  static Optional<Workload> find(Tx tx, Id.Workload id) {
    return tx.one(
        """
        SELECT id, name, description, owner_id, active, roles, transaction_tokens, version
          FROM workload
         WHERE id = ?
        """,
        WorkloadStore::workload,
        id);
  }

  static List<Workload> page(Tx tx, String after, int count) {
    return tx.list(
        """
        SELECT id, name, description, owner_id, active, roles, transaction_tokens, version
          FROM workload
         WHERE id > ?
         ORDER BY id
         LIMIT ?
        """,
        WorkloadStore::workload,
        after,
        count);
  }

  static boolean hasOwner(Tx tx, Id.Group owner) {
    return tx.one(
            "SELECT id FROM workload WHERE owner_id = ? ORDER BY id LIMIT 1",
            row -> row.text(1),
            owner)
        .isPresent();
  }

  private static Workload workload(Row row) {
    return new Workload(
        new Id.Workload(row.text(1)),
        row.text(2),
        row.text(3),
        Directory.parseOwner(row.text(4)).orElseThrow(),
        row.flag(5),
        ManagementRole.ofColumn(row.text(6)),
        row.flag(7),
        row.number(8));
  }
}
