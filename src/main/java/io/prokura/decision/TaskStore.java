package io.prokura.decision;

import io.prokura.kernel.Id;
import io.prokura.sql.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// The SQL of [TaskFacts].
final class TaskStore {
  private TaskStore() {}

  static Optional<TaskFacts.Known> find(Tx tx, Id.Task task) {
    return tx.one(
        "SELECT facts, expires_at FROM task WHERE id = ?",
        row -> new TaskFacts.Known(new TreeSet<>(List.of(row.text(1).split(" "))), row.instant(2)),
        task);
  }

  static void put(Tx tx, Id.Task task, SortedSet<String> facts, Instant expiresAt) {
    tx.run(
        """
        INSERT INTO task (id, facts, expires_at)
        VALUES (?, ?, ?)
            ON CONFLICT (id) DO UPDATE
           SET facts = excluded.facts, expires_at = excluded.expires_at
        """,
        task,
        String.join(" ", facts),
        expiresAt);
  }

  /// Whether anything is recorded of any task.
  static boolean isAny(Tx tx) {
    return tx.one("SELECT 1 FROM task LIMIT 1", row -> row.number(1)).isPresent();
  }

  static int sweep(Tx tx, Instant now, int count) {
    return tx.run(
        """
        DELETE FROM task
         WHERE id IN (
               SELECT id FROM task WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)
        """,
        now,
        count);
  }
}
