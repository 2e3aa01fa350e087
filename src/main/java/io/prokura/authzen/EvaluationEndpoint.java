package io.prokura.authzen;

import static io.prokura.kernel.Refusal.CLIENT_NOT_AUTHENTICATED;
import static io.prokura.kernel.Refusal.POLICY_FORBIDS;
import static io.prokura.kernel.Refusal.SCOPE_INSUFFICIENT;
import static io.prokura.kernel.Refusal.TOKEN_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.audit.Refusals;
import io.prokura.clients.AuthenticatedClient;
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
  /// `SCOPE_INSUFFICIENT`, `POLICY_FORBIDS`, `MALFORMED_REQUEST` and `FIELD_INVALID`.
  public Response evaluate(Request request) {
    var authenticated = authenticate(request);
    if (!(authenticated instanceof Ok(var enforcer))) {
      return Problem.response(request, (Refused<?>) authenticated);
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
      return unproven(request, (Refused<?>) bearer);
    }
    if (compact.isPresent()) {
      return byToken(request, compact.get());
    }
    if (!request.hasAuthorization()) {
      var how = "prove who you are by HTTP Basic or a bearer token";
      return unproven(request, new Refused<>(CLIENT_NOT_AUTHENTICATED, how));
    }
    var proof = authenticator.prove(request, Form.of(Map.of()));
    if (!(proof instanceof Ok(var sender))) {
      return unproven(request, (Refused<?>) proof);
    }
    return switch (authenticator.admit(sender)) {
      case Refused<AuthenticatedClient>(_, var detail) ->
          // Who proved itself and may not ask gets 403 here, where OAuth has 400 for it.
          proven(sender.id(), request, new Refused<>(POLICY_FORBIDS, detail));
      case Ok<AuthenticatedClient>(var client) -> enforcer(request, client);
    };
  }

  private Result<Id.Principal> enforcer(Request request, AuthenticatedClient client) {
    return client
        .principal()
        .<Result<Id.Principal>>map(Result::ok)
        .orElseGet(
            () ->
                proven(
                    client.holder().id(),
                    request,
                    new Refused<>(POLICY_FORBIDS, "an application enforces nothing")));
  }

  private Result<Id.Principal> byToken(Request request, String compact) {
    var verified = tokens.verify(compact, TOKEN_INVALID);
    if (!(verified instanceof Ok(var token))) {
      return unproven(request, (Refused<?>) verified);
    }
    var authority = token.authority();
    if (!authority.audience().equals(identifier) || authority.isDelegated()) {
      var other = "the token is not the caller's own for " + identifier;
      return proven(authority.current(), request, new Refused<>(TOKEN_INVALID, other));
    }
    if (!authority.scopes().contains(SCOPE)) {
      var lacking = "the token lacks the scope " + SCOPE;
      return proven(authority.current(), request, new Refused<>(SCOPE_INSUFFICIENT, lacking));
    }
    return ok(authority.subject());
  }

  /// The refusal of a caller that proved nothing.
  private Result<Id.Principal> unproven(Request request, Refused<?> refused) {
    refusals.count(ROUTE, refused.reason(), request.peer());
    return refused(refused.reason(), refused.detail());
  }

  /// The refusal of a caller that is known.
  private Result<Id.Principal> proven(Id who, Request request, Refused<?> refused) {
    refusals.record(who, ROUTE, refused, request.peer());
    return refused(refused.reason(), refused.detail());
  }
}
