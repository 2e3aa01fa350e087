package io.prokura.management;

import static io.prokura.kernel.Refusal.FIELD_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;

/// The part of a list that is asked for: at most `limit` things after the key `after`, which is
/// empty for the first page. On the wire the key is an opaque cursor.
public record Page(String after, int limit) {
  private static final int LIMIT_DEFAULT = 50;
  private static final String FOREIGN = "cursor is not one that this server gave";

  /// Where the things of a list come from: at most `count` of them in the order of their keys, from
  /// the one after the key `after`.
  @FunctionalInterface
  public interface Source<T> {
    List<T> page(Tx tx, String after, int count);
  }

  /// Answers the page that `request` asks for; refuses `FIELD_INVALID`.
  public static <T> Result<Response> answer(
      Request request,
      Limits limits,
      Database database,
      Source<T> source,
      Function<T, String> key,
      Function<T, ? extends Json> view) {
    var asked = of(request, limits);
    if (!(asked instanceof Ok(var page))) {
      return asked.refusal();
    }
    List<T> found = database.read(tx -> source.page(tx, page.after(), page.fetch()));
    return page.response(found, key, view);
  }

  /// Reads `cursor` and `limit` from the query; refuses `FIELD_INVALID`.
  public static Result<Page> of(Request request, Limits limits) {
    var query = request.query();
    if (!(query instanceof Ok(var parameters))) {
      return query.refusal();
    }
    var limit = parameters.get("limit").orElse(String.valueOf(LIMIT_DEFAULT));
    if (!limit.matches("[1-9][0-9]{0,3}") || Integer.parseInt(limit) > limits.pageMax()) {
      return refused(FIELD_INVALID, "limit is a number from 1 to " + limits.pageMax());
    }
    return key(parameters.get("cursor").orElse(""))
        .map(after -> new Page(after, Integer.parseInt(limit)));
  }

  /// The key in a cursor. Keys are ids and numbers, so that nothing else reaches the database.
  private static Result<String> key(String cursor) {
    try {
      var key = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.US_ASCII);
      return key.chars().allMatch(c -> c == '_' || (c < 0x80 && Character.isLetterOrDigit(c)))
          ? ok(key)
          : refused(FIELD_INVALID, FOREIGN);
    } catch (IllegalArgumentException e) {
      return refused(FIELD_INVALID, FOREIGN);
    }
  }

  /// The number that the page begins before, in a list whose keys are numbers and that shows the
  /// greatest first; refuses `FIELD_INVALID`.
  public Result<Long> before() {
    if (after.isEmpty()) {
      return ok(Long.MAX_VALUE);
    }
    return after.matches("[0-9]{1,18}")
        ? ok(Long.parseLong(after))
        : refused(FIELD_INVALID, FOREIGN);
  }

  /// How many things to read: one more than is shown, to know whether there is a next page.
  public int fetch() {
    return limit + 1;
  }

  /// The page as it is answered. `found` holds up to [#fetch()] things in the order of their keys.
  public <T> Result<Response> response(
      List<T> found, Function<T, String> key, Function<T, ? extends Json> view) {
    var shown = found.subList(0, Math.min(limit, found.size()));
    var body = Json.object().put("items", Json.array(shown.stream().map(view).toList()));
    if (found.size() > limit) {
      var last = key.apply(shown.getLast()).getBytes(StandardCharsets.US_ASCII);
      body.put("next", Base64.getUrlEncoder().withoutPadding().encodeToString(last));
    }
    return ok(Response.json(200, body.build()));
  }
}
