package io.prokura.grants;

import static io.prokura.kernel.Refusal.SCOPE_INSUFFICIENT;
import static io.prokura.kernel.Refusal.TOKEN_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.prokura.audit.Refusals;
import io.prokura.authorize.ClaimsRequest;
import io.prokura.authorize.Grant;
import io.prokura.authorize.Grants;
import io.prokura.delegation.Authority;
import io.prokura.directory.Directory;
import io.prokura.directory.User;
import io.prokura.http.ProtectedResource;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.tokens.Audiences;
import io.prokura.tokens.PresentedTokens;
import io.prokura.tokens.SignedUserinfo;
import io.prokura.tokens.VerifiedToken;
import java.util.Optional;

/// Tells an application about the person who let it ask (OpenID Connect Core §5.3).
public final class UserinfoEndpoint {
  private static final String ROUTE = "userinfo";

  private final ProtectedResource api;
  private final PresentedTokens tokens;
  private final Audiences audiences;
  private final SignedUserinfo signed;
  private final Grants grants;
  private final Directory directory;
  private final PersonClaims claims;
  private final Refusals refusals;

  /// `api` is what is known about people as a registered resource; only tokens for that are taken.
  public UserinfoEndpoint(
      ProtectedResource api,
      PresentedTokens tokens,
      Audiences audiences,
      SignedUserinfo signed,
      Grants grants,
      Directory directory,
      Refusals refusals) {
    this.api = api;
    this.tokens = tokens;
    this.audiences = audiences;
    this.signed = signed;
    this.grants = grants;
    this.directory = directory;
    claims = new PersonClaims(directory);
    this.refusals = refusals;
  }

  /// Answers what the token's scopes cover, and what was asked for by name besides.
  public Response userinfo(Request request) {
    return switch (answer(request)) {
      case Ok<Response>(var response) -> response;
      case Refused<Response> refused -> {
        refusals.count(ROUTE, refused.reason(), request.peer());
        yield api.problem(request, refused);
      }
    };
  }

  private Result<Response> answer(Request request) {
    var presented = tokens.ofFormOr(request);
    if (!(presented instanceof Ok(var sent))) {
      return presented.refusal();
    }
    var token = sent.filter(one -> one.authority().audience().equals(api.identifier()));
    if (token.isEmpty()) {
      return refused(TOKEN_INVALID, "a token for this endpoint is needed");
    }
    var authority = token.get().authority();
    if (!authority.scopes().contains("openid")) {
      return refused(SCOPE_INSUFFICIENT, "the token needs the scope openid");
    }
    return authority.subject() instanceof Id.User user && !authority.isDelegated()
        ? about(user, token.get())
        : refused(TOKEN_INVALID, "the token is no person's");
  }

  private Result<Response> about(Id.User id, VerifiedToken token) {
    Optional<User> user = directory.user(id);
    return user.isEmpty()
        ? refused(TOKEN_INVALID, "the person is no longer known")
        : ok(answer(token.authority().clientId(), claims(user.get(), token.authority())));
  }

  private Response answer(String clientId, Json.Obj claims) {
    return signed
        .of(clientId, claims)
        .map(jwt -> Response.bytes(200, "application/jwt", jwt.getBytes(US_ASCII)))
        .orElseGet(() -> Response.json(200, claims));
  }

  private Json.Obj claims(User user, Authority authority) {
    var asked = grants.find(authority.lineage()).map(Grant::claims).orElse(ClaimsRequest.NONE);
    return Json.object()
        .put("sub", audiences.subject(authority.clientId(), user.id()))
        .putAll(claims.of(user, authority.scopes(), asked.userinfo()))
        .build();
  }
}
