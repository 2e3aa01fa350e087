package io.prokura.authzen;

import io.prokura.decision.Pdp;
import io.prokura.http.Request;
import io.prokura.http.Response;

/// The access evaluation endpoint (AuthZEN Authorization API 1.0 §6), for callers that [Enforcers]
/// knows. A deny is an answer like any other: 200.
public final class EvaluationEndpoint {
  private static final String ROUTE = "evaluation";

  private final Enforcers enforcers;
  private final Pdp pdp;

  public EvaluationEndpoint(Enforcers enforcers, Pdp pdp) {
    this.enforcers = enforcers;
    this.pdp = pdp;
  }

  /// Answers one question. Refuses what [Enforcers] does, and `FIELD_INVALID`.
  public Response evaluate(Request request) {
    return enforcers.answer(
        request,
        ROUTE,
        (enforcer, body) ->
            EvaluationRequest.parse(body)
                .map(asked -> Response.json(200, Answers.view(pdp.decide(enforcer, asked)))));
  }
}
