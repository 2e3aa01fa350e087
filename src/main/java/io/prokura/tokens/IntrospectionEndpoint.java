package io.prokura.tokens;

import static io.prokura.kernel.Refusal.TOKEN_INVALID;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.prokura.catalogue.Catalogue;
import io.prokura.clients.AuthenticatedClient;
import io.prokura.delegation.AuthorizationDetails;
import io.prokura.directory.Directory;
import io.prokura.http.Form;
import io.prokura.http.Response;
import io.prokura.jose.Confirmation;
import io.prokura.jose.JwtWriter;
import io.prokura.json.Json;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.World;
import io.prokura.keys.SigningKeys;
import java.util.List;
import java.util.Optional;

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
          "auth_time",
          "acr",
          "amr",
          "cnf",
          "txn",
          "req_wl",
          "rctx",
          "tctx");

  /// The hint by which a transaction token is looked at; without it none is, so that a resource
  /// server that was sent one as an access token is told that it is not good.
  private static final String TRANSACTION = "urn:ietf:params:oauth:token-type:txn_token";

  private static final String JWT = "token-introspection+jwt";

  /// The media type of answers that are signed (RFC 9701 §4).
  public static final String SIGNED = "application/" + JWT;

  private final String issuer;
  private final World world;
  private final SigningKeys keys;
  private final Tokens tokens;
  private final Catalogue catalogue;
  private final Directory directory;

  public IntrospectionEndpoint(
      String issuer,
      World world,
      SigningKeys keys,
      Tokens tokens,
      Catalogue catalogue,
      Directory directory) {
    this.issuer = issuer;
    this.world = world;
    this.keys = keys;
    this.tokens = tokens;
    this.catalogue = catalogue;
    this.directory = directory;
  }

  /// Answers a caller that has authenticated itself. One that is not registered as an enforcer of
  /// the token's resource, or for transaction tokens where it asks about one, learns nothing but
  /// `active: false` (RFC 7662 §4).
  public Response introspect(AuthenticatedClient caller, Form form) {
    return Response.json(200, told(caller, form));
  }

  /// The same, signed for the caller to keep as evidence (RFC 9701 §5). The JWT has a type of its
  /// own and says nothing outside `token_introspection` that an access token would, so that it is
  /// taken for no token.
  public Response introspectSigned(AuthenticatedClient caller, Form form) {
    var claims =
        Json.object()
            .put("iss", issuer)
            .put("aud", caller.clientId())
            .put("iat", world.now().getEpochSecond())
            .put("token_introspection", told(caller, form))
            .build();
    var jwt = JwtWriter.mint(keys.signing(), JWT, claims);
    return Response.bytes(200, SIGNED, jwt.getBytes(US_ASCII));
  }

  private Json.Obj told(AuthenticatedClient caller, Form form) {
    var token = form.get("token").orElse("");
    if (form.get("token_type_hint").equals(Optional.of(TRANSACTION))) {
      return tokens.verifyTransaction(token, TOKEN_INVALID) instanceof Ok(var verified)
              && caller.principal().flatMap(directory::transacting).isPresent()
          ? active(verified, "N_A")
          : Json.object().put("active", false).build();
    }
    return tokens.verify(token, TOKEN_INVALID) instanceof Ok(var verified)
            && isEntitled(caller, verified)
        ? active(verified, type(verified.confirmation()))
        : Json.object().put("active", false).build();
  }

  private boolean isEntitled(AuthenticatedClient caller, VerifiedToken token) {
    return catalogue
        .resource(token.authority().resource())
        .filter(resource -> caller.principal().filter(resource.enforcers()::contains).isPresent())
        .isPresent();
  }

  private static Json.Obj active(VerifiedToken token, String type) {
    var answer = Json.object().put("active", true).put("token_type", type);
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
