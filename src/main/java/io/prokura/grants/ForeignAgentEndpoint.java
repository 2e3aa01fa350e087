package io.prokura.grants;

import static io.prokura.kernel.Refusal.ACTOR_TOKEN_INVALID;
import static io.prokura.kernel.Refusal.ASSERTIONS_TOO_MANY;
import static io.prokura.kernel.Refusal.CLIENT_NOT_ALLOWED;
import static io.prokura.kernel.Result.refused;

import io.prokura.audit.Refusals;
import io.prokura.clients.AuthenticatedClient;
import io.prokura.clients.ClientAuthenticator;
import io.prokura.clients.DpopProofs;
import io.prokura.clients.Holder;
import io.prokura.delegation.AuthorizationDetails;
import io.prokura.http.Form;
import io.prokura.http.OAuthError;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.issuers.AgentAssertion;
import io.prokura.issuers.AgentAssertions;
import io.prokura.jose.Confirmation;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.kernel.World;
import io.prokura.tokens.Tokens;
import io.prokura.upstream.ForeignAgents;
import java.util.Optional;

/// The requests to the token endpoint that authenticate no client, because the agent that sends
/// them has no credential here: by the assertion of its platform it gets a token of its own, and
/// with that token and the key that it is bound to it exchanges what it was given.
///
/// What comes before an assertion or token has proven which agent it is, is counted; what is
/// refused to an agent afterwards is an entry of its own.
public final class ForeignAgentEndpoint {
  private static final String ROUTE = "token";

  private final AgentAssertions assertions;
  private final ForeignAgents agents;
  private final ClientAuthenticator authenticator;
  private final DpopProofs proofs;
  private final AuthorizationDetails details;
  private final ForeignAgentGrant grant;
  private final TokenExchangeGrant exchange;
  private final Tokens tokens;
  private final Refusals refusals;
  private final AssertionRates rates;

  public ForeignAgentEndpoint(
      World world,
      AgentAssertions assertions,
      ForeignAgents agents,
      ClientAuthenticator authenticator,
      DpopProofs proofs,
      AuthorizationDetails details,
      ForeignAgentGrant grant,
      TokenExchangeGrant exchange,
      Tokens tokens,
      Refusals refusals) {
    this.assertions = assertions;
    this.agents = agents;
    this.authenticator = authenticator;
    this.proofs = proofs;
    this.details = details;
    this.grant = grant;
    this.exchange = exchange;
    this.tokens = tokens;
    this.refusals = refusals;
    rates = new AssertionRates(world);
  }

  /// The answer to a request of such an agent, which sent `form`; nothing where some client
  /// authenticates.
  Optional<Response> answer(Request request, Form form) {
    var type = form.get("grant_type").orElse("");
    if (type.equals(JwtBearerGrant.TYPE) && isAssertion(request, form)) {
      return Optional.of(byAssertion(request, form));
    }
    return type.equals(TokenExchangeGrant.TYPE) && isByToken(request, form)
        ? Optional.of(byToken(request, form))
        : Optional.empty();
  }

  /// Whether an agent's platform is meant to prove it. Where nothing else could prove who sends an
  /// assertion, it is that, of whatever issuer.
  private boolean isAssertion(Request request, Form form) {
    return form.get("assertion").filter(assertions::isMeant).isPresent()
        || (form.has("assertion") && isNobody(request, form));
  }

  private static boolean isNobody(Request request, Form form) {
    return !ClientAuthenticator.isSaidBy(request, form)
        && request.certificate().isEmpty()
        && !form.has("client_id");
  }

  private static boolean isByToken(Request request, Form form) {
    return !ClientAuthenticator.isSaidBy(request, form)
        && request.certificate().isEmpty()
        && form.has("actor_token")
        && form.get("client_id").map(id -> Id.Agent.parse(id).isPresent()).orElse(true);
  }

  private Response byAssertion(Request request, Form form) {
    long checked = authenticator.checked();
    var proven = proven(request, form);
    if (!(proven instanceof Ok(var assertion))) {
      return counted(request, (Refused<?>) proven);
    }
    var met = agents.met(assertion);
    if (!(met instanceof Ok(var known))) {
      return counted(request, (Refused<?>) met);
    }
    return answered(known.agent(), request, byAssertion(request, form, assertion, known, checked));
  }

  /// The assertion, when there were not too many; its signature comes between the two counts.
  private Result<AgentAssertion> proven(Request request, Form form) {
    if (!rates.takeFrom(request.peer())) {
      return refused(ASSERTIONS_TOO_MANY, "too many assertions come from this address");
    }
    var verified = assertions.verify(form.get("assertion").orElse(""));
    if (!(verified instanceof Ok(var assertion))) {
      return verified;
    }
    if (!rates.takeOf(assertion.issuer().id())) {
      return refused(ASSERTIONS_TOO_MANY, "too many assertions come of this issuer");
    }
    return ClientAuthenticator.isSaidBy(request, form)
        ? refused(CLIENT_NOT_ALLOWED, "an agent's assertion is its own proof; send no other")
        : verified;
  }

  private Result<Response> byAssertion(
      Request request,
      Form form,
      AgentAssertion assertion,
      ForeignAgents.Known known,
      long checked) {
    var active = agents.active(known);
    if (!(active instanceof Ok)) {
      return active.refusal();
    }
    var expanded = details.expand(form);
    if (!(expanded instanceof Ok(var meant))) {
      return expanded.refusal();
    }
    var shown =
        showing(request, authenticator.vouchedFor(known.agent(), assertion.expiresAt(), checked));
    return shown instanceof Ok(var client)
        ? grant
            .issue(client, assertion, known, meant, request.peer())
            .map(
                issued ->
                    Response.json(
                        200, ClientEndpoint.body(issued, ClientEndpoint.tokenType(client)).build()))
        : shown.refusal();
  }

  private Result<AuthenticatedClient> showing(
      Request request, Result<AuthenticatedClient> vouched) {
    return vouched instanceof Ok(var client) ? proofs.proven(request, client) : vouched;
  }

  /// An exchange of an agent that proves itself by its own token together with the key that it is
  /// bound to. A token that is bound to nothing proves nobody: whoever it was sent to has it as
  /// well.
  private Response byToken(Request request, Form form) {
    var verified = tokens.verify(form.get("actor_token").orElse(""), ACTOR_TOKEN_INVALID);
    if (!(verified instanceof Ok(var token))) {
      return counted(request, (Refused<?>) verified);
    }
    var authority = token.authority();
    boolean isOwn =
        !authority.isDelegated()
            && token.confirmation() instanceof Confirmation.Key
            && authority.asserted().roles().containsKey(authority.subject());
    if (!(authority.subject() instanceof Id.Agent agent) || !isOwn) {
      return counted(
          request,
          new Refused<>(
              ACTOR_TOKEN_INVALID,
              "an agent's own token, by its platform's word and bound to a key, is proof alone"));
    }
    var shown =
        showing(request, authenticator.vouchedFor(agent, token.expiresAt(), authority.checked()));
    if (!(shown instanceof Ok(var client))) {
      return counted(request, (Refused<?>) shown);
    }
    return token.isConfirmedBy(client.confirmation())
        ? answered(agent, request, exchanged(client, form, request.peer()))
        : counted(
            request,
            new Refused<>(ACTOR_TOKEN_INVALID, "the token is bound to a key that was not proven"));
  }

  private Result<Response> exchanged(AuthenticatedClient client, Form form, String peer) {
    if (VouchingRequest.word(form).isPresent()) {
      return refused(CLIENT_NOT_ALLOWED, "what rests on a word is not vouched for elsewhere");
    }
    if (form.get("client_id")
        .filter(id -> !Holder.parse(id).equals(Optional.of(client.holder())))
        .isPresent()) {
      return refused(CLIENT_NOT_ALLOWED, "client_id names another than the agent of the token");
    }
    var expanded = details.expand(form);
    return expanded instanceof Ok(var meant)
        ? exchange
            .exchange(client, meant, peer)
            .map(done -> ClientEndpoint.exchanged(done, ClientEndpoint.tokenType(client)))
        : expanded.refusal();
  }

  private Response answered(Id.Agent agent, Request request, Result<Response> answer) {
    return switch (answer) {
      case Ok<Response>(var response) -> response;
      case Refused<Response> refused -> {
        refusals.record(agent, ROUTE, refused, request.peer());
        yield OAuthError.response(request, refused);
      }
    };
  }

  private Response counted(Request request, Refused<?> refused) {
    refusals.count(ROUTE, refused.reason(), request.peer());
    return OAuthError.response(request, refused);
  }
}
