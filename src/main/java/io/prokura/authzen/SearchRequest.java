package io.prokura.authzen;

import static io.prokura.kernel.Refusal.FIELD_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.decision.AccessRequest;
import io.prokura.decision.Search.Open;
import io.prokura.json.Json;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Reads a search request (AuthZEN Authorization API 1.0 §8): an evaluation request with one part
/// open, and the page that is asked for. A member that is missing or has the wrong type is refused,
/// `FIELD_INVALID`; one that is not known is ignored, and so is the id of what is searched for.
///
/// `limit` and `token` are empty where the request does not say.
record SearchRequest(AccessRequest question, Optional<Long> limit, Optional<String> token) {
  /// What stands in the place of the part that is open.
  private static final Json OPEN = Json.text("*");

  private static final int TOKEN_MAX = 8_000;

  static Result<SearchRequest> parse(Open open, Json.Obj body) {
    var question = EvaluationRequest.parse(closed(open, body));
    if (!(question instanceof Ok(var asked))) {
      return question.refusal();
    }
    var page = body.get("page");
    if (page.isEmpty()) {
      return ok(new SearchRequest(asked, Optional.empty(), Optional.empty()));
    }
    if (!(page.get() instanceof Json.Obj part)) {
      return refused(FIELD_INVALID, "page is an object");
    }
    if (part.get("limit").isPresent() && part.number("limit").filter(n -> n >= 0).isEmpty()) {
      return refused(FIELD_INVALID, "page.limit is a whole number that is not negative");
    }
    // An empty token is what the last page carries: nothing comes after it.
    boolean good =
        part.get("token").isEmpty()
            || part.text("token")
                .filter(text -> !text.isEmpty() && text.length() <= TOKEN_MAX)
                .isPresent();
    return good
        ? ok(new SearchRequest(asked, part.number("limit"), part.text("token")))
        : refused(FIELD_INVALID, "page.token is the next_token of the page before");
  }

  /// The body with something in the place of what is searched for.
  private static Json.Obj closed(Open open, Json.Obj body) {
    var members = new LinkedHashMap<>(body.members());
    switch (open) {
      case SUBJECT -> named(members, "subject");
      case RESOURCE -> named(members, "resource");
      case ACTION -> members.put("action", Json.object().put("name", OPEN).build());
    }
    return new Json.Obj(members);
  }

  private static void named(Map<String, Json> members, String name) {
    if (members.get(name) instanceof Json.Obj entity) {
      var identified = new LinkedHashMap<>(entity.members());
      identified.put("id", OPEN);
      members.put(name, new Json.Obj(identified));
    }
  }

  /// All that has to stay the same from page to page, in one form whatever the request looked like.
  byte[] constant(Open open) {
    return Json.object()
        .put("open", open.word())
        .put("subject", named(question.subject()))
        .put("resource", named(question.object()))
        .put("action", question.action().name())
        .put("actionProperties", question.action().properties())
        .put("context", question.context())
        .put("token", question.token())
        .build()
        .canonical();
  }

  private static Json named(AccessRequest.Named entity) {
    return Json.object()
        .put("type", entity.type())
        .put("id", entity.id())
        .put("properties", entity.properties())
        .build();
  }
}
