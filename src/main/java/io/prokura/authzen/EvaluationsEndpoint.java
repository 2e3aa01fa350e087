package io.prokura.authzen;

import static io.prokura.kernel.Result.ok;

import io.prokura.decision.AccessRequest;
import io.prokura.decision.Pdp;
import io.prokura.decision.Semantics;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import java.util.ArrayList;
import java.util.List;

/// The access evaluations endpoint (AuthZEN Authorization API 1.0 §7): several questions at once,
/// each decided and recorded as if it had come alone. A request without questions of its own is
/// answered as a single evaluation.
public final class EvaluationsEndpoint {
  private static final String ROUTE = "evaluations";

  private final Enforcers enforcers;
  private final Pdp pdp;

  public EvaluationsEndpoint(Enforcers enforcers, Pdp pdp) {
    this.enforcers = enforcers;
    this.pdp = pdp;
  }

  /// Answers the questions in their order, up to the one that ends them by the semantics asked for.
  /// Refuses what [Enforcers] does, and `FIELD_INVALID`.
  public Response evaluate(Request request) {
    return enforcers.answer(
        request,
        ROUTE,
        (enforcer, body) ->
            EvaluationsRequest.isSingle(body)
                ? EvaluationRequest.parse(body)
                    .map(asked -> Response.json(200, Answers.view(pdp.decide(enforcer, asked))))
                : several(enforcer, body));
  }

  private Result<Response> several(Id.Principal enforcer, Json.Obj body) {
    var parsed = EvaluationsRequest.parse(body);
    if (!(parsed instanceof Ok(var asked))) {
      return parsed.refusal();
    }
    var answers = decide(pdp, enforcer, asked.items(), asked.semantics());
    var answer = Json.object().put("evaluations", Json.array(answers)).build();
    return ok(Response.json(200, answer));
  }

  /// The answers to these questions, in order. The one place that asks for several.
  static List<Json.Obj> decide(
      Pdp pdp, Id.Principal enforcer, List<Result<AccessRequest>> items, Semantics semantics) {
    var decisions = pdp.decide(enforcer, items, semantics);
    var answers = new ArrayList<Json.Obj>(decisions.size());
    for (int i = 0; i < decisions.size(); i++) {
      answers.add(
          items.get(i) instanceof Refused<AccessRequest> refused
              ? Answers.failed(decisions.get(i), refused)
              : Answers.view(decisions.get(i)));
    }
    return answers;
  }
}
