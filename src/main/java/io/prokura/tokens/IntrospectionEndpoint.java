package io.prokura.tokens;

import static io.prokura.kernel.Refusal.TOKEN_INVALID;

import io.prokura.catalogue.Catalogue;
import io.prokura.clients.AuthenticatedClient;
import io.prokura.delegation.AuthorizationDetails;
import io.prokura.http.Form;
import io.prokura.http.Response;
import io.prokura.jose.Confirmation;
import io.prokura.json.Json;
import io.prokura.kernel.Result.Ok;
import java.util.List;

/// Token introspection (RFC 7662): tells a resource server whether a token that it was sent is good
/// at this moment, and who acts for whom with it.
public final class IntrospectionEndpoint {
  private static final List<String> TOLD =
      List.of(
          "iss",
          "sub",
          "sub_profile",
          "aut",
          "client_id",
          "scope",
          "aud",
          "exp",
          "iat",
          "jti",
          "purpose",
          "act",
          "dlg",
          "tsk",
          "cnf");

  private final Tokens tokens;
  private final Catalogue catalogue;

  public IntrospectionEndpoint(Tokens tokens, Catalogue catalogue) {
    this.tokens = tokens;
    this.catalogue = catalogue;
  }

  /// Answers a caller that has authenticated itself. One that is not registered as an enforcer of
  /// the token's resource learns nothing but `active: false` (RFC 7662 §4).
  public Response introspect(AuthenticatedClient caller, Form form) {
    var token = form.get("token").orElse("");
    if (tokens.verify(token, TOKEN_INVALID) instanceof Ok(var verified)
        && isEntitled(caller, verified)) {
      return Response.json(200, active(verified));
    }
    return Response.json(200, Json.object().put("active", false).build());
  }

  private boolean isEntitled(AuthenticatedClient caller, VerifiedToken token) {
    return catalogue
        .resource(token.authority().resource())
        .filter(resource -> caller.principal().filter(resource.enforcers()::contains).isPresent())
        .isPresent();
  }

  private static Json.Obj active(VerifiedToken token) {
    var answer = Json.object().put("active", true).put("token_type", type(token.confirmation()));
    for (var name : TOLD) {
      token.claims().get(name).ifPresent(value -> answer.put(name, value));
    }
    AuthorizationDetails.of(token.authority())
        .ifPresent(details -> answer.put(AuthorizationDetails.NAME, details));
    return answer.put("authority", authority(token)).build();
  }

  private static String type(Confirmation confirmation) {
    return switch (confirmation) {
      case Confirmation.Key _ -> "DPoP";
      case Confirmation.Certificate _, Confirmation.None _ -> "Bearer";
    };
  }

  /// What the bearer may do, and on which delegations that rests.
  private static Json.Obj authority(VerifiedToken token) {
    var authority = token.authority();
    return Json.object()
        .put("resource", authority.audience())
        .put("actions", authority.scopes().values())
        .put("purpose", token.claims().text("purpose"))
        .put("delegations", authority.delegations().stream().map(id -> id.text()).toList())
        .put("depth", authority.actors().size())
        .build();
  }
}
