package io.prokura.management;

import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Result.refused;

import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/// What the paths of one kind of thing name by `{id}`. A text that can't be an id there names
/// nothing, as an id does that nobody has.
///
/// @param parse the id that a text is
/// @param noun what people call such a thing
public record Named<I>(Function<String, Optional<I>> parse, String noun) {

  /// The id in the path of `request`; refuses `NOT_FOUND`.
  public Result<I> in(Request request) {
    return parse.apply(request.pathParameter("id")).map(Result::ok).orElseGet(this::missing);
  }

  /// Answers with what `find` finds for the id in the path; refuses `NOT_FOUND`.
  public <T> Result<Response> shown(
      Request request,
      Database database,
      BiFunction<Tx, I, Optional<T>> find,
      Function<T, Reply> reply) {
    if (!(in(request) instanceof Ok(var id))) {
      return missing();
    }
    Optional<T> found = database.read(tx -> find.apply(tx, id));
    return found.map(one -> Result.ok(reply.apply(one).response())).orElseGet(this::missing);
  }

  /// Refuses `NOT_FOUND`.
  public <T> Result<T> missing() {
    return refused(NOT_FOUND, "there is no such " + noun);
  }
}
