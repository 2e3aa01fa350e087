package io.prokura.authzen;

import static io.prokura.kernel.Refusal.CLIENT_NOT_ALLOWED;
import static io.prokura.kernel.Refusal.CLIENT_NOT_AUTHENTICATED;
import static io.prokura.kernel.Refusal.SCOPE_INSUFFICIENT;
import static io.prokura.kernel.Refusal.TOKEN_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.audit.Refusals;
import io.prokura.clients.ClientAuthenticator;
import io.prokura.decision.Decision;
import io.prokura.decision.Pdp;
import io.prokura.http.Form;
import io.prokura.http.Problem;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.tokens.Tokens;
import java.util.Map;

/// The access evaluation endpoint (AuthZEN Authorization API 1.0 §6).
///
/// The caller proves itself with its client secret by HTTP Basic, or with an access token of its
/// own for `<issuer>/access/v1` and the scope `decide`. A deny is an answer like any other: 200.
public final class EvaluationEndpoint {
  /// The scope of a token that a caller proves itself with.
  public static final String SCOPE = "decide";

  private static final String ROUTE = "evaluation";

  private final String identifier;
  private final ClientAuthenticator authenticator;
  private final Tokens tokens;
  private final Pdp pdp;
  private final Refusals refusals;

  /// `identifier` is the decision point as a registered resource: `<issuer>/access/v1`.
  public EvaluationEndpoint(
      String identifier,
      ClientAuthenticator authenticator,
      Tokens tokens,
      Pdp pdp,
      Refusals refusals) {
    this.identifier = identifier;
    this.authenticator = authenticator;
    this.tokens = tokens;
    this.pdp = pdp;
    this.refusals = refusals;
  }

  /// Answers one question. Refuses `CLIENT_NOT_AUTHENTICATED`, `TOKEN_INVALID`,
  /// `SCOPE_INSUFFICIENT`, `MALFORMED_REQUEST` and `FIELD_INVALID`.
  public Response evaluate(Request request) {
    var authenticated = authenticate(request);
    if (!(authenticated instanceof Ok(var enforcer))) {
      var refused = (Refused<?>) authenticated;
      refusals.count(ROUTE, refused.reason(), request.peer());
      return Problem.response(request, refused);
    }
    var read = request.jsonObject();
    if (!(read instanceof Ok(var body))) {
      return refuse(enforcer, request, (Refused<?>) read);
    }
    var parsed = EvaluationRequest.parse(body);
    return parsed instanceof Ok(var asked)
        ? Response.json(200, view(pdp.decide(enforcer, asked)))
        : refuse(enforcer, request, (Refused<?>) parsed);
  }

  private Response refuse(Id.Principal enforcer, Request request, Refused<?> refused) {
    refusals.record(enforcer, ROUTE, refused, request.peer());
    return Problem.response(request, refused);
  }

  private static Json.Obj view(Decision decision) {
    var reason =
        Json.object()
            .put("code", decision.reason().word())
            .put("detail", decision.detail())
            .put("policies", decision.policies())
            .build();
    return Json.object()
        .put("decision", decision.allowed())
        .put("context", Json.object().put("id", decision.id().text()).put("reason", reason).build())
        .build();
  }

  private Result<Id.Principal> authenticate(Request request) {
    var bearer = request.bearerToken();
    if (!(bearer instanceof Ok(var compact))) {
      return bearer.refusal();
    }
    if (compact.isPresent()) {
      return byToken(compact.get());
    }
    if (!request.hasAuthorization()) {
      return refused(CLIENT_NOT_AUTHENTICATED, "prove who you are by HTTP Basic or a bearer token");
    }
    var authenticated = authenticator.authenticate(request, Form.of(Map.of()));
    if (!(authenticated instanceof Ok(var client))) {
      return authenticated.refusal();
    }
    return client
        .principal()
        .<Result<Id.Principal>>map(Result::ok)
        .orElseGet(() -> refused(CLIENT_NOT_ALLOWED, "an application enforces nothing"));
  }

  private Result<Id.Principal> byToken(String compact) {
    var verified = tokens.verify(compact, TOKEN_INVALID);
    if (!(verified instanceof Ok(var token))) {
      return verified.refusal();
    }
    var authority = token.authority();
    if (!authority.audience().equals(identifier) || authority.isDelegated()) {
      return refused(TOKEN_INVALID, "the token is not the caller's own for " + identifier);
    }
    return authority.scopes().contains(SCOPE)
        ? ok(authority.subject())
        : refused(SCOPE_INSUFFICIENT, "the token lacks the scope " + SCOPE);
  }
}
