package io.prokura.clients;

import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Scopes;
import io.prokura.sql.Row;
import io.prokura.sql.Tx;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The SQL of [Clients].
final class ClientStore {
  private static final Limits LIMITS = Limits.standard();
  private static final JsonReader READER = new JsonReader(LIMITS);

  private ClientStore() {}

  static void insert(Tx tx, Client client) {
    tx.run(
        """
        INSERT INTO client (id, name, active, ceiling, registration, version)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
        client.id(),
        client.name(),
        client.active(),
        json(client.ceiling()).toText(),
        RegistrationForm.json(client.registration()).toText(),
        client.version());
  }

  /// Writes everything of `client` over its version; false when that is no longer the version.
  static boolean update(Tx tx, Client client) {
    return tx.run(
            """
            UPDATE client
               SET name = ?, active = ?, ceiling = ?, registration = ?, version = version + 1
             WHERE id = ? AND version = ?
            """,
            client.name(),
            client.active(),
            json(client.ceiling()).toText(),
            RegistrationForm.json(client.registration()).toText(),
            client.id(),
            client.version())
        == 1;
  }

  static Optional<Client> find(Tx tx, Id.Client id) {
    return tx.one(
        "SELECT id, name, active, ceiling, registration, version FROM client WHERE id = ?",
        ClientStore::client,
        id);
  }

  static void delete(Tx tx, Id.Client id) {
    tx.run("DELETE FROM client WHERE id = ?", id);
  }

  static List<Client> page(Tx tx, String after, int count) {
    return tx.list(
        """
        SELECT id, name, active, ceiling, registration, version
          FROM client
         WHERE id > ?
         ORDER BY id
         LIMIT ?
        """,
        ClientStore::client,
        after,
        count);
  }

  /// A ceiling as it stands in the column and in answers: `everything`, or a list of `covers`.
  static Json.Obj json(Ceiling ceiling) {
    return switch (ceiling) {
      case Ceiling.Everything _ -> Json.object().put("everything", true).build();
      case Ceiling.Only(var covers) ->
          Json.object()
              .put(
                  "covers",
                  Json.array(
                      covers.entrySet().stream()
                          .sorted(Map.Entry.comparingByKey((a, b) -> a.text().compareTo(b.text())))
                          .map(one -> cover(one.getKey(), one.getValue()))
                          .toList()))
              .build();
    };
  }

  private static Json.Obj cover(Id.Resource resource, Scopes actions) {
    return Json.object().put("resource", resource.text()).put("actions", actions.values()).build();
  }

  private static Client client(Row row) {
    return new Client(
        new Id.Client(row.text(1)),
        row.text(2),
        row.flag(3),
        ceiling(object(row.text(4))),
        RegistrationForm.of(object(row.text(5)), LIMITS),
        row.number(6));
  }

  private static Json.Obj object(String column) {
    if (READER.readObject(column.getBytes(StandardCharsets.UTF_8)) instanceof Result.Ok(var json)) {
      return json;
    }
    throw new IllegalStateException("a column of a client is no object");
  }

  private static Ceiling ceiling(Json.Obj json) {
    if (json.flag("everything").orElse(false)) {
      return new Ceiling.Everything();
    }
    var covers = new HashMap<Id.Resource, Scopes>();
    for (var item : ((Json.Arr) json.get("covers").orElseThrow()).items()) {
      var cover = (Json.Obj) item;
      covers.put(
          new Id.Resource(cover.text("resource").orElseThrow()),
          Scopes.of(cover.texts("actions").orElseThrow()));
    }
    return new Ceiling.Only(covers);
  }
}
