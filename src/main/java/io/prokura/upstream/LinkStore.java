package io.prokura.upstream;

import io.prokura.kernel.Id;
import io.prokura.sql.Tx;
import java.time.Instant;
import java.util.Optional;

/// The SQL of [Links].
final class LinkStore {
  private LinkStore() {}

  static Optional<Link> find(Tx tx, Id.Issuer issuer, String sub) {
    return tx.one(
        "SELECT id, principal_id FROM subject_link WHERE issuer_id = ? AND sub = ?",
        row ->
            new Link(
                new Id.Link(row.text(1)),
                issuer,
                sub,
                Id.Principal.parse(row.text(2)).orElseThrow()),
        issuer,
        sub);
  }

  /// False when somebody is linked already.
  static boolean insert(Tx tx, Link link, Instant now) {
    return tx.run(
            """
            INSERT INTO subject_link (issuer_id, sub, id, principal_id, linked_at)
            VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (issuer_id, sub) DO NOTHING
            """,
            link.issuer(),
            link.sub(),
            link.id(),
            link.principal(),
            now)
        == 1;
  }

  static void delete(Tx tx, Link link) {
    tx.run("DELETE FROM subject_link WHERE issuer_id = ? AND sub = ?", link.issuer(), link.sub());
  }
}
