package io.prokura.delegation;

import io.prokura.kernel.Id;
import io.prokura.kernel.Scopes;
import io.prokura.sql.Row;
import io.prokura.sql.Tx;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The SQL of [Delegations].
final class DelegationStore {
  private DelegationStore() {}

  static void insert(Tx tx, Delegation delegation) {
    var ancestors = delegation.ancestors();
    tx.run(
        """
        INSERT INTO delegation (id, parent, delegator, delegate, purpose, depth_max, given_by,
                                given_how, given_at, expires_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        delegation.id(),
        ancestors.isEmpty() ? Optional.empty() : Optional.of(ancestors.getLast()),
        delegation.delegator(),
        delegation.delegate(),
        delegation.purpose(),
        delegation.depthMax(),
        delegation.given().by(),
        delegation.given().how().name().toLowerCase(Locale.ROOT),
        delegation.given().at(),
        delegation.expiresAt());
    delegation
        .covers()
        .forEach(
            (resource, actions) ->
                tx.run(
                    """
                    INSERT INTO delegation_cover (delegation, resource, actions) VALUES (?, ?, ?)
                    """,
                    delegation.id(),
                    resource,
                    actions.toString()));
  }

  static boolean revoke(Tx tx, Id.Delegation id, Instant now) {
    return tx.run(
            "UPDATE delegation SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL", now, id)
        == 1;
  }

  static Optional<Delegation> find(Tx tx, Id.Delegation id) {
    return tx.one(
        """
        SELECT id, delegator, delegate, purpose, depth_max, given_by, given_how, given_at,
               expires_at, revoked_at IS NOT NULL
          FROM delegation
         WHERE id = ?
        """,
        row -> delegation(tx, row),
        id);
  }

  /// Delegations after `after` in the order of their ids, of all principals or of one, whichever
  /// side it is on.
  static List<Delegation> list(Tx tx, String principal, String after, int count) {
    return tx.list(
        """
        SELECT id, delegator, delegate, purpose, depth_max, given_by, given_how, given_at,
               expires_at, revoked_at IS NOT NULL
          FROM delegation
         WHERE id > ?
           AND (? = '' OR delegator = ? OR delegate = ?)
         ORDER BY id
         LIMIT ?
        """,
        row -> delegation(tx, row),
        after,
        principal,
        principal,
        principal,
        count);
  }

  private static Delegation delegation(Tx tx, Row row) {
    var id = new Id.Delegation(row.text(1));
    return new Delegation(
        id,
        ancestors(tx, id),
        Id.Principal.parse(row.text(2)).orElseThrow(),
        new Id.Agent(row.text(3)),
        new Id.Purpose(row.text(4)),
        covers(tx, id),
        row.integer(5),
        new Delegation.Given(
            Id.Principal.parse(row.text(6)).orElseThrow(),
            Delegation.How.valueOf(row.text(7).toUpperCase(Locale.ROOT)),
            row.instant(8)),
        row.instant(9),
        row.flag(10));
  }

  private static List<Id.Delegation> ancestors(Tx tx, Id.Delegation id) {
    return tx.list(
        """
        WITH RECURSIVE line (id, parent, steps) AS (
          SELECT id, parent, 0 FROM delegation WHERE id = ?
          UNION ALL
          SELECT d.id, d.parent, l.steps + 1
            FROM delegation d JOIN line l ON d.id = l.parent
           WHERE l.steps < 100
        )
        SELECT id FROM line WHERE steps > 0 ORDER BY steps DESC
        """,
        row -> new Id.Delegation(row.text(1)),
        id);
  }

  private static Map<Id.Resource, Scopes> covers(Tx tx, Id.Delegation id) {
    var covers = new HashMap<Id.Resource, Scopes>();
    tx.list(
            "SELECT resource, actions FROM delegation_cover WHERE delegation = ?",
            row -> Map.entry(new Id.Resource(row.text(1)), row.text(2)),
            id)
        .forEach(
            cover -> covers.put(cover.getKey(), Scopes.of(List.of(cover.getValue().split(" ")))));
    return covers;
  }
}
