package io.prokura.authzen;

import io.prokura.decision.Search;
import io.prokura.decision.Search.Open;
import io.prokura.decision.Search.Page;
import io.prokura.decision.Searches;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.World;
import io.prokura.seal.Seal;
import java.util.Optional;

/// The three search endpoints (AuthZEN Authorization API 1.0 §8). Callers prove themselves as for
/// an evaluation, and what is found is what an evaluation would allow; an agent-facing resource
/// needs the access token here too.
public final class SearchEndpoint {
  private static final String ROUTE = "search";

  private final Enforcers enforcers;
  private final Searches searches;
  private final PageTokens tokens;
  private final Limits limits;

  /// `seal` is for nothing else than page tokens.
  public SearchEndpoint(
      Enforcers enforcers,
      Searches searches,
      World world,
      Seal seal,
      JsonReader json,
      Limits limits) {
    this.enforcers = enforcers;
    this.searches = searches;
    this.tokens = new PageTokens(world, seal, json);
    this.limits = limits;
  }

  /// Who may do this to that? Refuses as an evaluation does, and `FIELD_INVALID` for a page token
  /// that does not lead on.
  public Response subjects(Request request) {
    return answer(request, Open.SUBJECT);
  }

  /// To what may this subject do that? Finds what the organisation has stored.
  public Response resources(Request request) {
    return answer(request, Open.RESOURCE);
  }

  /// What may this subject do to that?
  public Response actions(Request request) {
    return answer(request, Open.ACTION);
  }

  private Response answer(Request request, Open open) {
    return enforcers.answer(
        request,
        ROUTE,
        (caller, body) -> {
          var parsed = SearchRequest.parse(open, body);
          return parsed instanceof Ok(var asked) ? answer(open, caller, asked) : parsed.refusal();
        });
  }

  private Result<Response> answer(Open open, Id.Principal caller, SearchRequest asked) {
    Optional<Search.Position> from = Optional.empty();
    long limit = asked.limit().orElse((long) limits.pageMax());
    if (asked.token().isPresent()) {
      var opened = tokens.open(caller, open, asked, asked.token().get());
      if (!(opened instanceof Ok(var place))) {
        return opened.refusal();
      }
      from = Optional.of(place.position());
      limit = place.limit();
    }
    int most = (int) Math.min(limit, limits.pageMax());
    var searched = searches.search(caller, new Search(open, asked.question(), most, from));
    if (!(searched instanceof Ok(var page))) {
      return searched.refusal();
    }
    long kept = limit;
    var next =
        page.next()
            .map(at -> tokens.next(caller, open, asked, new PageTokens.Place(at, kept)))
            .orElse("");
    return Result.ok(Response.json(200, view(open, asked, page, next)));
  }

  private static Json.Obj view(Open open, SearchRequest asked, Page page, String next) {
    var view =
        Json.object()
            .put(
                "page",
                Json.object().put("next_token", next).put("count", page.found().size()).build())
            .put(
                "results",
                Json.array(page.found().stream().map(name -> result(open, asked, name)).toList()));
    page.ended()
        .ifPresent(
            ended -> {
              var code = ended.reason().word();
              var why = Json.object().put("code", code).put("detail", ended.detail()).build();
              view.put("context", Json.object().put("reason", code).put("why", why).build());
            });
    return view.build();
  }

  private static Json.Obj result(Open open, SearchRequest asked, String name) {
    return switch (open) {
      case SUBJECT -> named(asked.question().subject().type(), name);
      case RESOURCE -> named(asked.question().object().type(), name);
      case ACTION -> Json.object().put("name", name).build();
    };
  }

  private static Json.Obj named(String type, String id) {
    return Json.object().put("type", type).put("id", id).build();
  }
}
