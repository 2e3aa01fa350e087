package io.prokura.authorize;

import io.prokura.authorize.PolledRequest.Answer;
import io.prokura.authorize.PolledRequest.Channel;
import io.prokura.kernel.Id;
import io.prokura.kernel.Scopes;
import io.prokura.sql.Row;
import io.prokura.sql.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The SQL of [PolledRequests].
final class PolledStore {
  private static final String COLUMNS =
      """
      id, client_id, user_id, identity, scopes, resource, actor, purpose, message, created_at,
      expires_at, interval_seconds, polled_at, answered_at IS NOT NULL, grant_id,
      spent_at IS NOT NULL, source, levels
      """;

  private PolledStore() {}

  static void insert(
      Tx tx, PolledRequest request, String digest, String whom, Optional<String> userCode) {
    tx.run(
        """
        INSERT INTO polled_request (id, digest, client_id, whom, user_id, identity, scopes,
                                    resource, actor, purpose, message, created_at, expires_at,
                                    interval_seconds, source, user_code, levels)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        request.id(),
        digest,
        request.clientId(),
        whom,
        request.user(),
        request.identity().toString(),
        request.scopes().toString(),
        request.resource(),
        request.actor(),
        request.purpose(),
        request.channel() instanceof Channel.Backchannel(var message) ? message : "",
        request.createdAt(),
        request.expiresAt(),
        request.interval().toSeconds(),
        request.channel() instanceof Channel.Device(var source)
            ? Optional.of(source)
            : Optional.empty(),
        userCode,
        String.join(" ", request.levels()));
  }

  /// The request that waits for whoever types in this code.
  static Optional<PolledRequest> ofUserCode(Tx tx, String userCode) {
    return tx.one(
        "SELECT " + COLUMNS + " FROM polled_request WHERE user_code = ?",
        PolledStore::request,
        userCode);
  }

  /// Makes a request a person's; false when it is somebody's already.
  static boolean claim(Tx tx, Id.PolledRequest id, Id.User user) {
    return tx.run(
            """
            UPDATE polled_request
               SET user_id = ?, user_code = NULL
             WHERE id = ? AND user_id IS NULL AND user_code IS NOT NULL
            """,
            user,
            id)
        == 1;
  }

  static Optional<PolledRequest> ofDigest(Tx tx, String digest) {
    return tx.one(
        "SELECT " + COLUMNS + " FROM polled_request WHERE digest = ?",
        PolledStore::request,
        digest);
  }

  static Optional<PolledRequest> find(Tx tx, Id.PolledRequest id) {
    return tx.one(
        "SELECT " + COLUMNS + " FROM polled_request WHERE id = ?", PolledStore::request, id);
  }

  /// The requests that wait for a person, oldest first.
  static List<PolledRequest> waiting(Tx tx, Id.User user, Instant now, int max) {
    return tx.list(
        "SELECT "
            + COLUMNS
            + """
               FROM polled_request
              WHERE user_id = ? AND answered_at IS NULL AND expires_at > ?
              ORDER BY created_at, id
              LIMIT ?
            """,
        PolledStore::request,
        user,
        now,
        max);
  }

  static int countOfUser(Tx tx, Id.User user, Instant now) {
    return tx.one(
            """
            SELECT COUNT(*)
              FROM polled_request
             WHERE user_id = ? AND answered_at IS NULL AND expires_at > ?
            """,
            row -> row.integer(1),
            user,
            now)
        .orElse(0);
  }

  static int countOfClient(Tx tx, String clientId, Instant now) {
    return tx.one(
            """
            SELECT COUNT(*)
              FROM polled_request
             WHERE client_id = ? AND answered_at IS NULL AND expires_at > ?
            """,
            row -> row.integer(1),
            clientId,
            now)
        .orElse(0);
  }

  static int countOfClient(Tx tx, String clientId, String whom, Instant now) {
    return tx.one(
            """
            SELECT COUNT(*)
              FROM polled_request
             WHERE client_id = ? AND whom = ? AND answered_at IS NULL AND expires_at > ?
            """,
            row -> row.integer(1),
            clientId,
            whom,
            now)
        .orElse(0);
  }

  static void polled(Tx tx, Id.PolledRequest id, Instant now, Duration interval) {
    tx.run(
        "UPDATE polled_request SET polled_at = ?, interval_seconds = ? WHERE id = ?",
        now,
        interval.toSeconds(),
        id);
  }

  /// False when it was answered before, or is over.
  static boolean answer(Tx tx, Id.PolledRequest id, Instant now, Optional<Id.Grant> grant) {
    return tx.run(
            """
            UPDATE polled_request
               SET answered_at = ?, grant_id = ?
             WHERE id = ? AND answered_at IS NULL AND expires_at > ?
            """,
            now,
            grant,
            id,
            now)
        == 1;
  }

  /// False when the answer was taken before.
  static boolean take(Tx tx, String digest, Instant now) {
    return tx.run(
            """
            UPDATE polled_request
               SET spent_at = ?
             WHERE digest = ? AND spent_at IS NULL AND grant_id IS NOT NULL
            """,
            now,
            digest)
        == 1;
  }

  static int sweep(Tx tx, Instant before, int max) {
    return tx.run(
        """
        DELETE FROM polled_request
         WHERE id IN (
           SELECT id FROM polled_request WHERE expires_at < ? ORDER BY expires_at LIMIT ?)
        """,
        before,
        max);
  }

  private static PolledRequest request(Row row) {
    return new PolledRequest(
        new Id.PolledRequest(row.text(1)),
        channel(row),
        row.text(2),
        row.optionalText(3).map(Id.User::new),
        scopes(row.text(4)),
        scopes(row.text(5)),
        row.text(6),
        row.optionalText(7).map(Id.Agent::new),
        row.text(8),
        scopes(row.text(18)).values(),
        row.instant(10),
        row.instant(11),
        Duration.ofSeconds(row.number(12)),
        row.optionalInstant(13),
        answer(row));
  }

  private static Channel channel(Row row) {
    return row.optionalText(17)
        .<Channel>map(Channel.Device::new)
        .orElseGet(() -> new Channel.Backchannel(row.text(9)));
  }

  private static Answer answer(Row row) {
    var grant = row.optionalText(15);
    if (grant.isPresent()) {
      return new Answer.Allowed(new Id.Grant(grant.get()), row.flag(16));
    }
    return row.flag(14) ? new Answer.Denied() : new Answer.None();
  }

  private static Scopes scopes(String column) {
    return column.isEmpty() ? Scopes.NONE : new Scopes(List.of(column.split(" ", -1)));
  }
}
