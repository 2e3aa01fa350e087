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
import io.prokura.http.Form;
import io.prokura.http.ProtectedResource;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.tokens.PresentedTokens;
import io.prokura.tokens.VerifiedToken;
import java.util.Map;
import java.util.function.Function;

/// Who calls the decision point, at every endpoint of it alike, and the record of whom it refused.
///
/// A caller proves itself with its client secret by HTTP Basic, with the certificate that it sends
/// in TLS, or with an access token of its own for `<issuer>/access/v1` and the scope `decide`.
public final class Enforcers {
  /// The scope of a token that a caller proves itself with.
  public static final String SCOPE = "decide";

  private final ProtectedResource api;
  private final ClientAuthenticator authenticator;
  private final PresentedTokens tokens;
  private final Refusals refusals;

  /// `api` is the decision point as a registered resource: `<issuer>/access/v1`.
  public Enforcers(
      ProtectedResource api,
      ClientAuthenticator authenticator,
      PresentedTokens tokens,
      Refusals refusals) {
    this.api = api;
    this.authenticator = authenticator;
    this.tokens = tokens;
    this.refusals = refusals;
  }

  /// What an endpoint does for a caller that is known.
  interface Verb {
    /// The answer; a refusal is recorded under the caller's name and sent as a problem.
    Result<Response> answer(Id.Principal enforcer, Json.Obj body);
  }

  /// Answers a request whose body is a JSON object, once its caller has proven itself. Refuses
  /// `CLIENT_NOT_AUTHENTICATED`, `TOKEN_INVALID`, `SCOPE_INSUFFICIENT`, `POLICY_FORBIDS`,
  /// `MALFORMED_REQUEST` and what the verb refuses. `route` names the endpoint in the record.
  Response answer(Request request, String route, Verb verb) {
    return answer(
        request,
        route,
        enforcer -> {
          var read = request.jsonObject();
          return read instanceof Ok(var body)
              ? verb.answer(enforcer, RequestId.named(body, request))
              : read.refusal();
        });
  }

  /// The same for a request without a body, or with one that the verb reads.
  Response answer(Request request, String route, Function<Id.Principal, Result<Response>> verb) {
    var authenticated = authenticate(request, route);
    if (!(authenticated instanceof Ok(var enforcer))) {
      return api.problem(request, (Refused<?>) authenticated);
    }
    return switch (verb.apply(enforcer)) {
      case Ok<Response>(var response) -> response;
      case Refused<Response> refused -> {
        record(enforcer, route, refused, request);
        yield api.problem(request, refused);
      }
    };
  }

  /// Records that the caller was refused something.
  void record(Id.Principal enforcer, String route, Refused<?> refused, Request request) {
    refusals.record(enforcer, route, refused, request.peer());
  }

  private Result<Id.Principal> authenticate(Request request, String route) {
    var presented = tokens.of(request);
    if (!(presented instanceof Ok(var token))) {
      return unproven(request, route, (Refused<?>) presented);
    }
    if (token.isPresent()) {
      return byToken(request, route, token.get());
    }
    if (!request.hasAuthorization() && request.certificate().isEmpty()) {
      var how = "prove who you are by HTTP Basic, a bearer token or a certificate";
      return unproven(request, route, new Refused<>(CLIENT_NOT_AUTHENTICATED, how));
    }
    var proof =
        request.hasAuthorization()
            ? authenticator.prove(request, Form.of(Map.of()))
            : authenticator.proveByCertificate(request);
    if (!(proof instanceof Ok(var sender))) {
      return unproven(request, route, (Refused<?>) proof);
    }
    return switch (authenticator.admit(sender)) {
      case Refused<AuthenticatedClient>(_, var detail) ->
          // Who proved itself and may not ask gets 403 here, where OAuth has 400 for it.
          proven(sender.id(), route, request, new Refused<>(POLICY_FORBIDS, detail));
      case Ok<AuthenticatedClient>(var client) -> enforcer(request, route, client);
    };
  }

  private Result<Id.Principal> enforcer(Request request, String route, AuthenticatedClient client) {
    return client
        .principal()
        .<Result<Id.Principal>>map(Result::ok)
        .orElseGet(
            () ->
                proven(
                    client.holder().id(),
                    route,
                    request,
                    new Refused<>(POLICY_FORBIDS, "an application enforces nothing")));
  }

  private Result<Id.Principal> byToken(Request request, String route, VerifiedToken token) {
    var authority = token.authority();
    if (!authority.audience().equals(api.identifier()) || authority.isDelegated()) {
      var other = "the token is not the caller's own for " + api.identifier();
      return proven(authority.current(), route, request, new Refused<>(TOKEN_INVALID, other));
    }
    if (!authority.scopes().contains(SCOPE)) {
      var lacking = "the token lacks the scope " + SCOPE;
      return proven(
          authority.current(), route, request, new Refused<>(SCOPE_INSUFFICIENT, lacking));
    }
    return ok(authority.subject());
  }

  /// The refusal of a caller that proved nothing.
  private Result<Id.Principal> unproven(Request request, String route, Refused<?> refused) {
    refusals.count(route, refused.reason(), request.peer());
    return refused(refused.reason(), refused.detail());
  }

  /// The refusal of a caller that is known.
  private Result<Id.Principal> proven(Id who, String route, Request request, Refused<?> refused) {
    refusals.record(who, route, refused, request.peer());
    return refused(refused.reason(), refused.detail());
  }
}
