package io.prokura.grants;

import io.prokura.authorize.AuthorizationRequests;
import io.prokura.authorize.PolledFlow;
import io.prokura.delegation.AuthorizationDetails;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.jose.Algorithm;
import io.prokura.json.Json;
import io.prokura.sessions.Session;
import io.prokura.tokens.Word;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The authorization server's metadata (RFC 8414), made from the configured issuer alone: nothing
/// of a request's headers gets into it.
public final class MetadataEndpoint {
  private static final List<String> METHODS =
      List.of("client_secret_basic", "client_secret_post", "private_key_jwt");
  private static final List<String> CERTIFICATE_METHODS =
      List.of("tls_client_auth", "self_signed_tls_client_auth");
  private static final List<String> SIGNING =
      Algorithm.SIGNING.stream().map(Algorithm::label).toList();
  private static final List<String> ALGORITHMS = List.of("ES256", "EdDSA", "PS256", "RS256");

  /// Those of signed authorization requests.
  private static final List<String> SIGNED = List.of("ES256", "EdDSA", "PS256");

  private static final List<String> CLAIMS =
      List.of(
          "sub",
          "iss",
          "aud",
          "exp",
          "iat",
          "auth_time",
          "nonce",
          "acr",
          "amr",
          "sid",
          "name",
          "preferred_username",
          "email",
          "email_verified",
          "groups");

  /// The endpoints where a client may prove itself, or what its token is bound to, by a
  // certificate.
  private static final List<String> ALIASED =
      List.of(
          "token_endpoint",
          "revocation_endpoint",
          "introspection_endpoint",
          "pushed_authorization_request_endpoint",
          "device_authorization_endpoint",
          "backchannel_authentication_endpoint",
          "userinfo_endpoint");

  private final Json.Obj metadata;

  /// `certificates` says whether the certificates of clients get here (RFC 8705 §3.3), and
  /// `requestObjects` whether signed authorization requests are taken; `resources` are the server's
  /// own APIs that take access tokens (RFC 9728 §4), and `more` is what the configuration adds.
  public MetadataEndpoint(
      String issuer,
      boolean certificates,
      Optional<String> certificateUrl,
      boolean requestObjects,
      List<String> resources,
      Json.Obj more) {
    var methods = new ArrayList<>(METHODS);
    if (certificates) {
      methods.addAll(CERTIFICATE_METHODS);
    }
    var all = Json.object().put("issuer", issuer);
    endpoints(all, issuer);
    people(all);
    all.put("request_parameter_supported", requestObjects);
    if (requestObjects) {
      all.put("request_object_signing_alg_values_supported", SIGNED);
    }
    clients(all, methods);
    certificateUrl.ifPresent(
        url -> all.put("mtls_endpoint_aliases", aliases(all.build(), issuer, url)));
    all.put("tls_client_certificate_bound_access_tokens", certificates)
        .put("protected_resources", resources);
    metadata = all.putAll(more.members()).build();
  }

  private static void endpoints(Json.Builder all, String issuer) {
    all.put("authorization_endpoint", issuer + "/oauth2/authorize")
        .put("pushed_authorization_request_endpoint", issuer + "/oauth2/par")
        .put("token_endpoint", issuer + "/oauth2/token")
        .put("userinfo_endpoint", issuer + "/oauth2/userinfo")
        .put("introspection_endpoint", issuer + "/oauth2/introspect")
        .put("revocation_endpoint", issuer + "/oauth2/revoke")
        .put("jwks_uri", issuer + "/oauth2/jwks")
        .put("end_session_endpoint", issuer + "/oauth2/logout")
        .put("backchannel_authentication_endpoint", issuer + "/oauth2/bc-authorize")
        .put("backchannel_token_delivery_modes_supported", List.of("poll", "ping"))
        .put("device_authorization_endpoint", issuer + "/oauth2/device_authorization")
        .put("backchannel_user_code_parameter_supported", false);
  }

  /// How people are asked and what is told of them (OpenID Connect Discovery §3).
  private static void people(Json.Builder all) {
    all.put("response_types_supported", List.of("code"))
        .put("response_modes_supported", List.of("query", "form_post"))
        .put("code_challenge_methods_supported", List.of("S256"))
        .put("authorization_response_iss_parameter_supported", true)
        .put("require_pushed_authorization_requests", false)
        .put("request_uri_parameter_supported", false)
        .put("authorization_details_types_supported", List.of(AuthorizationDetails.TYPE))
        .put("claims_parameter_supported", true)
        .put("scopes_supported", AuthorizationRequests.IDENTITY_SCOPES)
        .put("claims_supported", CLAIMS)
        .put("subject_types_supported", List.of("public", "pairwise"))
        .put("id_token_signing_alg_values_supported", SIGNING)
        .put("userinfo_signing_alg_values_supported", SIGNING)
        .put("acr_values_supported", List.of(Session.TWO_FACTORS))
        .put("prompt_values_supported", List.of("none", "login", "consent", "select_account"))
        .put("backchannel_logout_supported", true)
        .put("backchannel_logout_session_supported", true);
  }

  /// Where clients go who present certificates (RFC 8705 §5).
  private static Json.Obj aliases(Json.Obj told, String issuer, String url) {
    var aliases = Json.object();
    for (var name : ALIASED) {
      var path = told.text(name).orElseThrow().substring(issuer.length());
      aliases.put(name, url + path);
    }
    return aliases.build();
  }

  private static void clients(Json.Builder all, List<String> methods) {
    all.put(
            "grant_types_supported",
            List.of(
                AuthorizationCodeGrant.TYPE,
                RefreshTokenGrant.TYPE,
                ClientCredentialsGrant.TYPE,
                TokenExchangeGrant.TYPE,
                JwtBearerGrant.TYPE,
                PolledFlow.BACKCHANNEL,
                PolledFlow.DEVICE))
        .put(
            "identity_chaining_requested_token_types_supported",
            Arrays.stream(Word.values()).map(Word::urn).toList())
        .put(
            "authorization_grant_profiles_supported",
            List.of("urn:ietf:params:oauth:grant-profile:id-jag"))
        .put(
            "entity_profiles_supported",
            Json.object().put("actor", List.of("service", "ai_agent")).build())
        .put("token_endpoint_auth_methods_supported", withNone(methods))
        .put("token_endpoint_auth_signing_alg_values_supported", ALGORITHMS)
        .put("introspection_endpoint_auth_methods_supported", methods)
        .put("introspection_endpoint_auth_signing_alg_values_supported", ALGORITHMS)
        .put("revocation_endpoint_auth_methods_supported", withNone(methods))
        .put("revocation_endpoint_auth_signing_alg_values_supported", ALGORITHMS)
        .put("dpop_signing_alg_values_supported", ALGORITHMS)
        .put("introspection_signing_alg_values_supported", List.of("ES256"));
  }

  /// With public applications, which can't prove themselves.
  private static List<String> withNone(List<String> methods) {
    var all = new ArrayList<>(methods);
    all.add("none");
    return all;
  }

  /// Answers the metadata.
  public Response metadata(Request request) {
    return Response.json(200, metadata).cacheable("public, max-age=300");
  }
}
