package io.prokura.delegation;

import io.prokura.kernel.Id;
import io.prokura.sql.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The SQL of [Budgets].
final class BudgetStore {
  private BudgetStore() {}

  static SortedMap<String, Budget> of(Tx tx, Id.Delegation delegation) {
    var budgets = new TreeMap<String, Budget>();
    tx.list(
            "SELECT name, maximum, spent FROM delegation_budget WHERE delegation = ?",
            row -> Map.entry(row.text(1), new Budget(row.number(2), row.number(3))),
            delegation)
        .forEach(budget -> budgets.put(budget.getKey(), budget.getValue()));
    return budgets;
  }

  /// At most `count` of the delegations that have a budget.
  static List<String> delegations(Tx tx, int count) {
    return tx.list(
        "SELECT DISTINCT delegation FROM delegation_budget LIMIT ?", row -> row.text(1), count);
  }

  static void limit(Tx tx, Id.Delegation delegation, String name, long limit) {
    tx.run(
        """
        INSERT INTO delegation_budget (delegation, name, maximum, spent)
        VALUES (?, ?, ?, 0)
            ON CONFLICT (delegation, name) DO UPDATE SET maximum = excluded.maximum
        """,
        delegation,
        name,
        limit);
  }

  /// Spends an amount where so much is left; what is spent then, or nothing.
  static Optional<Long> spend(Tx tx, Id.Delegation delegation, String name, long amount) {
    return tx.one(
        """
        UPDATE delegation_budget
           SET spent = spent + ?
         WHERE delegation = ? AND name = ? AND spent <= maximum - ?
        RETURNING spent
        """,
        row -> row.number(1),
        amount,
        delegation,
        name,
        amount);
  }

  /// Notes that a request spends; false when it has before.
  static boolean note(Tx tx, String request, Instant at) {
    return tx.run(
            """
            INSERT INTO budget_spending (request, at)
            VALUES (?, ?)
                ON CONFLICT (request) DO NOTHING
            """,
            request,
            at)
        == 1;
  }

  static boolean isNoted(Tx tx, String request) {
    return tx.one("SELECT 1 FROM budget_spending WHERE request = ?", row -> row.number(1), request)
        .isPresent();
  }

  static int sweep(Tx tx, Instant before, int count) {
    return tx.run(
        """
        DELETE FROM budget_spending
         WHERE request IN (
               SELECT request FROM budget_spending WHERE at < ? ORDER BY at LIMIT ?)
        """,
        before,
        count);
  }
}
