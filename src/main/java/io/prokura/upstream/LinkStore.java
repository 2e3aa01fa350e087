package io.prokura.upstream;

import io.prokura.kernel.Id;
import io.prokura.sql.Row;
import io.prokura.sql.Tx;
import java.util.List;
import java.util.Optional;

/// The SQL of [Links].
final class LinkStore {
  private static final String ALL =
      "SELECT id, issuer_id, sub, principal_id, linked_at FROM subject_link ";

  private LinkStore() {}

  static Optional<Link> find(Tx tx, Id.Issuer issuer, String sub) {
    return tx.one(ALL + "WHERE issuer_id = ? AND sub = ?", LinkStore::link, issuer, sub);
  }

  static List<Link> of(Tx tx, Id.Principal principal) {
    return tx.list(ALL + "WHERE principal_id = ? ORDER BY id", LinkStore::link, principal);
  }

  static List<Link> page(Tx tx, Id.Issuer issuer, String after, int count) {
    return tx.list(
        ALL + "WHERE issuer_id = ? AND id > ? ORDER BY id LIMIT ?",
        LinkStore::link,
        issuer,
        after,
        count);
  }

  private static Link link(Row row) {
    return new Link(
        new Id.Link(row.text(1)),
        new Id.Issuer(row.text(2)),
        row.text(3),
        Id.Principal.parse(row.text(4)).orElseThrow(),
        row.instant(5));
  }

  /// False when somebody is linked already.
  static boolean insert(Tx tx, Link link) {
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
            link.linkedAt())
        == 1;
  }

  static void delete(Tx tx, Link link) {
    tx.run("DELETE FROM subject_link WHERE issuer_id = ? AND sub = ?", link.issuer(), link.sub());
  }
}
