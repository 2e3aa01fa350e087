package io.prokura.grants;

import static io.prokura.kernel.Refusal.GRANT_UNSUPPORTED;

import io.prokura.audit.Refusals;
import io.prokura.authorize.AuthorizationFlow;
import io.prokura.authorize.PolledFlow;
import io.prokura.authorize.RefreshTokens;
import io.prokura.clients.AuthenticatedClient;
import io.prokura.clients.ClientAuthenticator;
import io.prokura.clients.DpopProofs;
import io.prokura.clients.ProvenClient;
import io.prokura.delegation.AuthorizationDetails;
import io.prokura.grants.TokenExchangeGrant.Exchanged;
import io.prokura.http.Form;
import io.prokura.http.OAuthError;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.jose.Confirmation;
import io.prokura.json.Json;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.tokens.IntrospectionEndpoint;
import io.prokura.tokens.Issuance.Issued;
import io.prokura.tokens.RevocationEndpoint;

/// The endpoints that OAuth clients call as themselves: token, introspection, revocation. Every
/// request is read, its client authenticated, and its refusal recorded in the same few lines: as an
/// entry of its own for whoever has proven who it is, active or not.
public final class ClientEndpoint {
  private static final String TOKEN = "token";

  private final String issuer;
  private final ClientAuthenticator authenticator;
  private final DpopProofs proofs;
  private final AuthorizationDetails details;
  private final ForeignAgentEndpoint foreign;
  private final GrantTypes grants;
  private final AuthorizationFlow flow;
  private final PolledFlow polled;
  private final RefreshTokens refreshTokens;
  private final IntrospectionEndpoint introspection;
  private final RevocationEndpoint revocation;
  private final Refusals refusals;
  private final Dialect dialect;

  public ClientEndpoint(
      String issuer,
      ClientAuthenticator authenticator,
      DpopProofs proofs,
      AuthorizationDetails details,
      ForeignAgentEndpoint foreign,
      GrantTypes grants,
      AuthorizationFlow flow,
      PolledFlow polled,
      RefreshTokens refreshTokens,
      IntrospectionEndpoint introspection,
      RevocationEndpoint revocation,
      Refusals refusals,
      Dialect dialect) {
    this.issuer = issuer;
    this.authenticator = authenticator;
    this.proofs = proofs;
    this.details = details;
    this.foreign = foreign;
    this.grants = grants;
    this.flow = flow;
    this.polled = polled;
    this.refreshTokens = refreshTokens;
    this.introspection = introspection;
    this.revocation = revocation;
    this.refusals = refusals;
    this.dialect = dialect;
  }

  /// What is done for a client that has proven who it is.
  @FunctionalInterface
  public interface Call {
    Result<Response> answer(AuthenticatedClient client, Form form);
  }

  /// The token endpoint (RFC 6749 §3.2). What it issues is bound to the key of the request's DPoP
  /// proof, if there is one (RFC 9449 §5).
  public Response token(Request request) {
    var read = request.form(Target.REPEATABLE);
    var answer =
        read instanceof Ok(var form)
            ? foreign.answer(request, form).orElseGet(() -> tokenOfClient(request, form))
            : refuse(TOKEN, request, (Refused<?>) read);
    return proofs.isNonceRequired() ? withNonce(answer) : answer;
  }

  private Response tokenOfClient(Request request, Form sent) {
    return call(
        TOKEN,
        request,
        sent,
        (client, form) -> {
          var proof = proofs.proven(request, client);
          return proof instanceof Ok(var showing)
              ? token(showing, form, request.peer())
              : proof.refusal();
        });
  }

  private Response withNonce(Response answer) {
    boolean has = answer.headers().stream().anyMatch(one -> one.name().equals(DpopProofs.NONCE));
    return has ? answer : answer.with(DpopProofs.NONCE, proofs.nonce());
  }

  static String tokenType(AuthenticatedClient client) {
    return switch (client.confirmation()) {
      case Confirmation.Key _ -> "DPoP";
      case Confirmation.Certificate _, Confirmation.None _ -> "Bearer";
    };
  }

  private Result<Response> token(AuthenticatedClient client, Form sent, String peer) {
    var type = sent.require("grant_type");
    if (!(type instanceof Ok(var grant))) {
      return type.refusal();
    }
    var expanded = details.expand(sent);
    return expanded instanceof Ok(var form)
        ? answered(grant, client, dialect.meant(client, form), peer)
        : expanded.refusal();
  }

  private Result<Response> answered(
      String grant, AuthenticatedClient client, Form form, String peer) {
    return switch (grant) {
      case ClientCredentialsGrant.TYPE ->
          grants
              .clientCredentials()
              .issue(client, form, peer)
              .map(issued -> Response.json(200, body(issued, tokenType(client)).build()));
      case TokenExchangeGrant.TYPE -> exchanged(client, form, peer);
      case AuthorizationCodeGrant.TYPE ->
          dialect
              .redeem(client, form, peer)
              .orElseGet(() -> grants.code().issue(client, form, peer))
              .map(it -> granted(it, tokenType(client)));
      case RefreshTokenGrant.TYPE ->
          grants.refresh().issue(client, form, peer).map(it -> granted(it, tokenType(client)));
      case JwtBearerGrant.TYPE, JwtBearerGrant.BOUND ->
          grants
              .jwtBearer()
              .issue(client, form, peer)
              .map(issued -> Response.json(200, body(issued, tokenType(client)).build()));
      case PolledFlow.BACKCHANNEL ->
          grants.polled().backchannel(client, form, peer).map(it -> granted(it, tokenType(client)));
      case PolledFlow.DEVICE ->
          grants.polled().device(client, form, peer).map(it -> granted(it, tokenType(client)));
      default -> Result.refused(GRANT_UNSUPPORTED, "this grant_type is not supported");
    };
  }

  /// One grant for each kind of token that an exchange gives.
  private Result<Response> exchanged(AuthenticatedClient client, Form form, String peer) {
    if (TransactionRequest.isMeant(form)) {
      return grants
          .transactions()
          .issue(client, form, peer)
          .map(issued -> exchanged(issued, "N_A", TransactionRequest.TYPE));
    }
    var word = VouchingRequest.word(form);
    if (word.isPresent()) {
      return grants
          .vouching()
          .issue(word.get(), client, form, peer)
          .map(issued -> exchanged(issued, "N_A", word.get().urn()));
    }
    return grants
        .exchange()
        .exchange(client, form, peer)
        .map(it -> exchanged(it, tokenType(client)));
  }

  /// The token response (RFC 6749 §5.1). `entry` names what the record says of the token.
  static Json.Builder body(Issued issued, String tokenType) {
    return body(issued, tokenType, issued.authority().scopes().toString());
  }

  private static Json.Builder body(Issued issued, String tokenType, String scope) {
    var body =
        Json.object()
            .put("access_token", issued.token().compact())
            .put("token_type", tokenType)
            .put("expires_in", issued.token().expiresIn())
            .put("scope", scope)
            .put("entry", issued.entry().text());
    AuthorizationDetails.of(issued.authority())
        .ifPresent(all -> body.put(AuthorizationDetails.NAME, all));
    return body;
  }

  /// The same for an exchange (RFC 8693 §2.2.1). The `token_type` of what is no access token is
  /// `N_A`.
  static Response exchanged(Exchanged exchanged, String tokenType) {
    var type = exchanged.type();
    var shown = type == TokenType.ACCESS_TOKEN ? tokenType : "N_A";
    return exchanged(exchanged.issued(), shown, type.urn());
  }

  private static Response exchanged(Issued issued, String tokenType, String type) {
    var body = body(issued, tokenType).put("issued_token_type", type);
    return Response.json(200, body.build());
  }

  /// The same for what a person granted (OpenID Connect Core §3.1.3.3).
  private static Response granted(TokenAnswer answer, String tokenType) {
    var body = body(answer.issued(), tokenType, answer.scope());
    answer.refreshToken().ifPresent(token -> body.put("refresh_token", token));
    answer.idToken().ifPresent(token -> body.put("id_token", token));
    return Response.json(200, body.build());
  }

  /// The pushed authorization request endpoint (RFC 9126 §2).
  public Response push(Request request) {
    return call(
        "par",
        request,
        (client, form) -> {
          var proof = proofs.proven(request, client);
          return proof instanceof Ok(var showing) ? push(showing, form) : proof.refusal();
        });
  }

  private Result<Response> push(AuthenticatedClient client, Form form) {
    return flow.push(client.clientId(), form, client.confirmation().keyThumbprint())
        .map(
            pushed ->
                Response.json(
                    201,
                    Json.object()
                        .put("request_uri", pushed.requestUri())
                        .put("expires_in", pushed.lifetime().toSeconds())
                        .build()));
  }

  /// The backchannel authentication endpoint (OpenID Connect CIBA Core §7).
  public Response backchannel(Request request) {
    return call(
        "backchannel",
        request,
        (client, form) ->
            polled
                .backchannel(client, form)
                .map(
                    started ->
                        Response.json(
                            200,
                            Json.object()
                                .put("auth_req_id", started.secret())
                                .put("expires_in", started.lifetime().toSeconds())
                                .put("interval", started.interval().toSeconds())
                                .build())));
  }

  /// The device authorization endpoint (RFC 8628 §3.1).
  public Response device(Request request) {
    return call(
        "device",
        request,
        (client, form) ->
            polled
                .device(client, form, request.peer())
                .map(
                    started ->
                        Response.json(
                            200,
                            Json.object()
                                .put("device_code", started.secret())
                                .put("user_code", started.userCode().orElseThrow())
                                .put("verification_uri", issuer + "/device")
                                .put("expires_in", started.lifetime().toSeconds())
                                .put("interval", started.interval().toSeconds())
                                .build())));
  }

  /// Token introspection (RFC 7662), signed where the caller asks for that (RFC 9701).
  public Response introspect(Request request) {
    return call(
        "introspect",
        request,
        (client, form) ->
            form.require("token")
                .map(
                    _ ->
                        request.accepts(IntrospectionEndpoint.SIGNED)
                            ? introspection.introspectSigned(client, form)
                            : introspection.introspect(client, form)));
  }

  /// Token revocation (RFC 7009).
  public Response revoke(Request request) {
    return call(
        "revoke",
        request,
        (client, form) -> revocation.revoke(client, form).map(done -> revoked(client, form, done)));
  }

  private Response revoked(AuthenticatedClient client, Form form, boolean done) {
    if (!done) {
      refreshTokens.revoke(client.clientId(), form.get("token").orElse(""));
    }
    return Response.empty(200);
  }

  /// Answers a request to an endpoint that another server has, as it is answered here: what `call`
  /// refuses is on record under `route`.
  public Response answer(String route, Request request, Call call) {
    return call(route, request, call);
  }

  private Response call(String route, Request request, Call call) {
    var read = request.form(Target.REPEATABLE);
    return read instanceof Ok(var form)
        ? call(route, request, form, call)
        : refuse(route, request, (Refused<?>) read);
  }

  private Response call(String route, Request request, Form form, Call call) {
    var proof = authenticator.prove(request, form);
    if (!(proof instanceof Ok(var proven))) {
      return refuse(route, request, (Refused<?>) proof);
    }
    var admitted = authenticator.admit(proven);
    var answer =
        admitted instanceof Ok(var client)
            ? call.answer(client, form)
            : admitted.<Response>refusal();
    return switch (answer) {
      case Ok<Response>(var response) -> response;
      case Refused<Response> refused -> {
        note(proven, route, refused, request);
        var response = OAuthError.response(request, dialect.worded(form, refused));
        yield refused.reason() == Refusal.DPOP_NONCE_REQUIRED ? withNonce(response) : response;
      }
    };
  }

  /// A poll that comes before its answer is no refusal, and one that comes too soon counts as one
  /// of many: neither may fill the record.
  private void note(ProvenClient proven, String route, Refused<?> refused, Request request) {
    switch (refused.reason()) {
      case AUTHORIZATION_PENDING -> {}
      case SLOW_DOWN -> refusals.count(route, refused.reason(), request.peer());
      default -> refusals.record(proven.id(), route, refused, request.peer());
    }
  }

  private Response refuse(String route, Request request, Refused<?> refused) {
    refusals.count(route, refused.reason(), request.peer());
    return OAuthError.response(request, refused);
  }
}
