package io.prokura.management;

import static io.prokura.kernel.Refusal.FIELD_INVALID;
import static io.prokura.kernel.Refusal.IDEMPOTENCY_KEY_REUSED;
import static io.prokura.kernel.Refusal.PRECONDITION_MISSING;
import static io.prokura.kernel.Refusal.PRECONDITION_STALE;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.World;
import io.prokura.seal.Rewrap;
import io.prokura.seal.Seal;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Runs the changes of the management API, each in one transaction.
///
/// A request with an `Idempotency-Key` is done once: repeated by the same caller on the same route
/// within 24 hours, it is answered as it was the first time; the answer is kept in the transaction
/// of the change, so a crash can't part them. Refused requests are not kept.
public final class Changes {
  private static final Duration KEPT = Duration.ofHours(24);
  private static final int SWEEP_MAX = 1_000;
  private static final int REWRAP_MAX = 200;

  private final Database database;
  private final World world;
  private final JsonReader reader;
  private final Seal seal;
  private final int reasonMax;

  /// `seal` encrypts the answers that are kept, since one may hold a new secret.
  public Changes(Database database, World world, Limits limits, JsonReader reader, Seal seal) {
    reasonMax = limits.textMax();
    this.database = database;
    this.world = world;
    this.reader = reader;
    this.seal = seal;
  }

  /// A change of something new or of something without versions.
  @FunctionalInterface
  public interface Change {
    Result<Reply> apply(Tx tx, Json.Obj body);
  }

  /// A change of `named` for a `reason`.
  @FunctionalInterface
  public interface ReasonedChange<T> {
    Result<Reply> apply(Tx tx, T named, String reason);
  }

  /// A change of the thing whose version is `version`.
  @FunctionalInterface
  public interface VersionedChange {
    Result<Reply> apply(Tx tx, Json.Obj body, long version);
  }

  /// Applies a change.
  public Result<Response> apply(Caller caller, Request request, Change change) {
    return changed(caller, request, change).map(Reply::response);
  }

  /// Applies a change, for a verb that has something to add to the reply.
  public Result<Reply> changed(Caller caller, Request request, Change change) {
    var body = body(request);
    if (!(body instanceof Ok(var object))) {
      return body.refusal();
    }
    return once(caller, request, change, object);
  }

  /// Applies a change that needs `If-Match` with the version it changes; refuses
  /// `PRECONDITION_MISSING` and `PRECONDITION_STALE`.
  public Result<Response> applyVersioned(Caller caller, Request request, VersionedChange change) {
    var version = expected(request);
    if (!(version instanceof Ok(var number))) {
      return version.refusal();
    }
    return apply(caller, request, (tx, body) -> change.apply(tx, body, number));
  }

  /// Applies a change of what the path names for the `reason` that is all of the body. Refuses
  /// what `named` refuses, and a reason of less than one or too many characters, `FIELD_INVALID`.
  public <T> Result<Response> applyReasoned(
      Caller caller,
      Request request,
      Function<Request, Result<T>> named,
      ReasonedChange<T> change) {
    return apply(
        caller,
        request,
        (tx, body) -> {
          var found = named.apply(request);
          if (!(found instanceof Ok(var one))) {
            return found.refusal();
          }
          var read = Fields.reason(body, reasonMax);
          return read instanceof Ok(var reason) ? change.apply(tx, one, reason) : read.refusal();
        });
  }

  private static Result<Json.Obj> body(Request request) {
    return request.body().length == 0 ? ok(Json.object().build()) : request.jsonObject();
  }

  private static Result<Long> expected(Request request) {
    var header = request.header("If-Match");
    if (!(header instanceof Ok(var value))) {
      return header.refusal();
    }
    if (value.isEmpty()) {
      return refused(PRECONDITION_MISSING, "send If-Match with the ETag of what you change");
    }
    return value.get().matches("\"[1-9][0-9]{0,17}\"")
        ? ok(Long.parseLong(value.get().substring(1, value.get().length() - 1)))
        : refused(PRECONDITION_STALE, "If-Match is not an ETag of this server");
  }

  private Result<Reply> once(Caller caller, Request request, Change change, Json.Obj body) {
    var header = request.header("Idempotency-Key");
    if (!(header instanceof Ok(var key))) {
      return header.refusal();
    }
    if (key.isEmpty()) {
      return database.inTransaction(tx -> change.apply(tx, body));
    }
    if (!isKey(key.get())) {
      return refused(FIELD_INVALID, "Idempotency-Key is 1 to 255 printable characters");
    }
    var scope = caller.principal().text() + " " + request.method() + " " + request.path();
    var digest = digest(body);
    return database.inTransaction(
        tx -> {
          var earlier = earlier(tx, scope, key.get(), digest);
          return earlier.isPresent()
              ? earlier.get()
              : change.apply(tx, body).map(reply -> keep(tx, scope, key.get(), digest, reply));
        });
  }

  private static boolean isKey(String text) {
    return !text.isEmpty()
        && text.length() <= 255
        && text.chars().allMatch(c -> c > 0x20 && c < 0x7f);
  }

  private Optional<Result<Reply>> earlier(Tx tx, String scope, String key, String digest) {
    return tx.one(
        """
        SELECT digest, status, body, version
          FROM idempotent_reply
         WHERE scope = ? AND key = ? AND at >= ?
        """,
        row ->
            row.text(1).equals(digest)
                ? ok(new Reply(row.integer(2), opened(row.bytes(3), scope), row.number(4)))
                : refused(
                    IDEMPOTENCY_KEY_REUSED, "this Idempotency-Key was used with another body"),
        scope,
        key,
        world.now().minus(KEPT));
  }

  private Reply keep(Tx tx, String scope, String key, String digest, Reply reply) {
    tx.run(
        """
        INSERT INTO idempotent_reply (scope, key, digest, status, body, version, at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (scope, key) DO UPDATE
           SET digest = excluded.digest, status = excluded.status, body = excluded.body,
               version = excluded.version, at = excluded.at
        """,
        scope,
        key,
        digest,
        reply.status(),
        seal.wrap(reply.body().bytes(), scope.getBytes(UTF_8)),
        reply.version(),
        world.now());
    return reply;
  }

  private Json.Obj opened(byte[] sealed, String scope) {
    if (reader.readObject(seal.unwrap(sealed, scope.getBytes(UTF_8))) instanceof Ok(var body)) {
      return body;
    }
    throw new IllegalStateException("a kept reply is not an object");
  }

  private static String digest(Json.Obj body) {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(body.canonical());
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /// Wraps the kept replies again under the newest master key.
  public Rewrap rewrap() {
    return new Rewrap(List.of("", ""), this::rewrap);
  }

  private Rewrap.Step rewrap(Tx tx, List<String> after) {
    var some =
        tx.list(
            """
            SELECT scope, key, body
              FROM idempotent_reply
             WHERE (scope, key) > (?, ?)
             ORDER BY scope, key
             LIMIT ?
            """,
            row ->
                new Rewrap.Item(
                    List.of(row.text(1), row.text(2)), row.bytes(3), row.text(1).getBytes(UTF_8)),
            after.getFirst(),
            after.getLast(),
            REWRAP_MAX);
    return Rewrap.again(
        seal,
        some,
        REWRAP_MAX,
        (key, body) ->
            tx.run(
                "UPDATE idempotent_reply SET body = ? WHERE scope = ? AND key = ?",
                body,
                key.getFirst(),
                key.getLast()));
  }

  /// Forgets replies older than 24 hours.
  public void tick() {
    database.inTransaction(
        tx -> {
          tx.makeUrgent();
          return tx.run(
              """
              DELETE FROM idempotent_reply
               WHERE (scope, key) IN (SELECT scope, key FROM idempotent_reply
                                       WHERE at < ? LIMIT ?)
              """,
              world.now().minus(KEPT),
              SWEEP_MAX);
        });
  }
}
