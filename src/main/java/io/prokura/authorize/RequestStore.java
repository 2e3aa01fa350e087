package io.prokura.authorize;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result.Ok;
import io.prokura.sql.Row;
import io.prokura.sql.Tx;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The SQL of [WaitingRequests].
final class RequestStore {
  private static final JsonReader READER = new JsonReader(Limits.standard());

  private RequestStore() {}

  static void insert(Tx tx, WaitingRequest request) {
    tx.run(
        """
        INSERT INTO authorization_request (handle, client_id, parameters, pushed, jkt, begun_at,
                                           expires_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
        request.handle(),
        request.clientId(),
        json(request.parameters()),
        request.pushed(),
        request.keyThumbprint(),
        request.begunAt(),
        request.expiresAt());
  }

  static Optional<WaitingRequest> find(Tx tx, String handle) {
    return tx.one(
        """
        SELECT handle, client_id, parameters, pushed, jkt, begun_at, expires_at,
               spent_at IS NOT NULL
          FROM authorization_request
         WHERE handle = ?
        """,
        RequestStore::request,
        handle);
  }

  static void begin(Tx tx, String handle, Instant now, Instant until) {
    tx.run(
        """
        UPDATE authorization_request
           SET begun_at = ?, expires_at = ?
         WHERE handle = ? AND begun_at IS NULL
        """,
        now,
        until,
        handle);
  }

  /// False when it was spent before.
  static boolean spend(Tx tx, String handle, Instant now) {
    return tx.run(
            """
            UPDATE authorization_request SET spent_at = ? WHERE handle = ? AND spent_at IS NULL
            """,
            now,
            handle)
        == 1;
  }

  static int sweep(Tx tx, Instant now, int max) {
    return tx.run(
        """
        DELETE FROM authorization_request
         WHERE handle IN (
           SELECT handle FROM authorization_request
            WHERE expires_at < ? ORDER BY expires_at LIMIT ?)
        """,
        now,
        max);
  }

  private static String json(Map<String, String> parameters) {
    var out = Json.object();
    parameters.forEach(out::put);
    return out.build().toText();
  }

  private static WaitingRequest request(Row row) {
    return new WaitingRequest(
        row.text(1),
        row.text(2),
        parameters(row.text(3)),
        row.flag(4),
        row.optionalText(5),
        row.optionalInstant(6),
        row.instant(7),
        row.flag(8));
  }

  private static Map<String, String> parameters(String column) {
    if (!(READER.readObject(column.getBytes(UTF_8)) instanceof Ok(var json))) {
      throw new IllegalStateException("the parameters of a request are no object");
    }
    var parameters = new HashMap<String, String>();
    json.members().keySet().forEach(name -> parameters.put(name, json.text(name).orElse("")));
    return parameters;
  }
}
