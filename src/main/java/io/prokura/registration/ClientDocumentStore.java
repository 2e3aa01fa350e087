package io.prokura.registration;

import io.prokura.kernel.Id;
import io.prokura.sql.Row;
import io.prokura.sql.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The SQL of [ClientDocuments].
final class ClientDocumentStore {
  private ClientDocumentStore() {}

  /// What is kept of a document.
  record Kept(Id.Client id, String metadata, Instant fetchedAt) {}

  static void insert(Tx tx, Id.Client id, String url, String metadata, Instant now, Instant dueAt) {
    tx.run(
        """
        INSERT INTO client_document (client_id, url, metadata, fetched_at, due_at)
        VALUES (?, ?, ?, ?, ?)
        """,
        id,
        url,
        metadata,
        now,
        dueAt);
  }

  static void update(Tx tx, Id.Client id, String metadata, Instant now) {
    tx.run(
        "UPDATE client_document SET metadata = ?, fetched_at = ? WHERE client_id = ?",
        metadata,
        now,
        id);
  }

  static void postpone(Tx tx, Id.Client id, Instant dueAt) {
    tx.run("UPDATE client_document SET due_at = ? WHERE client_id = ?", dueAt, id);
  }

  static void delete(Tx tx, Id.Client id) {
    tx.run("DELETE FROM client_document WHERE client_id = ?", id);
  }

  static Optional<Kept> find(Tx tx, Id.Client id) {
    return tx.one(
        "SELECT client_id, metadata, fetched_at FROM client_document WHERE client_id = ?",
        ClientDocumentStore::kept,
        id);
  }

  static List<Kept> due(Tx tx, Instant now, int count) {
    return tx.list(
        """
        SELECT client_id, metadata, fetched_at
          FROM client_document
         WHERE due_at <= ?
         ORDER BY due_at, client_id
         LIMIT ?
        """,
        ClientDocumentStore::kept,
        now,
        count);
  }

  private static Kept kept(Row row) {
    return new Kept(new Id.Client(row.text(1)), row.text(2), row.instant(3));
  }
}
