package io.prokura.authzen;

import io.prokura.http.Request;
import io.prokura.json.Json;
import io.prokura.kernel.Result.Ok;
import java.util.LinkedHashMap;
import java.util.List;

/// The name of a request where its effects depend on whether it came before: what is spent and what
/// an approval lets through.
final class RequestId {
  private static final String CONTEXT = "context";
  private static final String MEMBER = "request_id";
  private static final List<String> EFFECTS = List.of("consume", "approval");

  private RequestId() {}

  /// The body of a request, which is named as the caller named it in `X-Request-ID` (AuthZEN
  /// Authorization API 1.0 §10.1.3) where its context has effects and no name of its own.
  static Json.Obj named(Json.Obj body, Request request) {
    var context = body.object(CONTEXT);
    if (context.isEmpty()
        || EFFECTS.stream().noneMatch(name -> context.get().get(name).isPresent())
        || context.get().get(MEMBER).isPresent()
        || !(request.header("X-Request-ID") instanceof Ok(var header))
        || header.isEmpty()) {
      return body;
    }
    var named = new LinkedHashMap<>(context.get().members());
    named.put(MEMBER, Json.text(header.get()));
    var whole = new LinkedHashMap<>(body.members());
    whole.put(CONTEXT, new Json.Obj(named));
    return new Json.Obj(whole);
  }
}
