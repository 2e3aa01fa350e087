package io.prokura.registration;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result.Ok;
import io.prokura.sql.Row;
import io.prokura.sql.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The SQL of [DynamicClients].
final class DynamicClientStore {
  private static final JsonReader READER = new JsonReader(Limits.standard());

  private DynamicClientStore() {}

  static void insert(Tx tx, DynamicClient client) {
    tx.run(
        """
        INSERT INTO dynamic_client (client_id, digest, made_with, metadata, registered_at, due_at)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
        client.id(),
        client.digest(),
        client.madeWith(),
        client.metadata().toText(),
        client.registeredAt(),
        client.dueAt());
  }

  static void update(Tx tx, Id.Client id, String digest, Json.Obj metadata) {
    tx.run(
        "UPDATE dynamic_client SET digest = ?, metadata = ? WHERE client_id = ?",
        digest,
        metadata.toText(),
        id);
  }

  static void postpone(Tx tx, Id.Client id, Instant dueAt) {
    tx.run("UPDATE dynamic_client SET due_at = ? WHERE client_id = ?", dueAt, id);
  }

  static void delete(Tx tx, Id.Client id) {
    tx.run("DELETE FROM dynamic_client WHERE client_id = ?", id);
  }

  static Optional<DynamicClient> find(Tx tx, Id.Client id) {
    return tx.one(
        """
        SELECT client_id, digest, made_with, metadata, registered_at, due_at
          FROM dynamic_client
         WHERE client_id = ?
        """,
        DynamicClientStore::client,
        id);
  }

  static List<DynamicClient> due(Tx tx, Instant now, int count) {
    return tx.list(
        """
        SELECT client_id, digest, made_with, metadata, registered_at, due_at
          FROM dynamic_client
         WHERE due_at <= ?
         ORDER BY due_at, client_id
         LIMIT ?
        """,
        DynamicClientStore::client,
        now,
        count);
  }

  private static DynamicClient client(Row row) {
    return new DynamicClient(
        new Id.Client(row.text(1)),
        row.text(2),
        row.optionalText(3).map(Id.RegistrationToken::new),
        object(row.text(4)),
        row.instant(5),
        row.instant(6));
  }

  private static Json.Obj object(String column) {
    if (READER.readObject(column.getBytes(UTF_8)) instanceof Ok(var json)) {
      return json;
    }
    throw new IllegalStateException("a column of a client is no object");
  }
}
