package io.prokura.grants;

import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.json.Json;
import java.util.ArrayList;
import java.util.List;

/// The authorization server's metadata (RFC 8414), made from the configured issuer alone: nothing
/// of a request's headers gets into it.
public final class MetadataEndpoint {
  private static final List<String> METHODS =
      List.of("client_secret_basic", "client_secret_post", "private_key_jwt");
  private static final List<String> CERTIFICATE_METHODS =
      List.of("tls_client_auth", "self_signed_tls_client_auth");
  private static final List<String> ALGORITHMS = List.of("ES256", "EdDSA", "PS256", "RS256");

  private final Json.Obj metadata;

  /// `certificates` says whether the certificates of clients get here (RFC 8705 §3.3).
  public MetadataEndpoint(String issuer, boolean certificates) {
    var methods = new ArrayList<>(METHODS);
    if (certificates) {
      methods.addAll(CERTIFICATE_METHODS);
    }
    metadata =
        Json.object()
            .put("issuer", issuer)
            .put("token_endpoint", issuer + "/oauth2/token")
            .put("introspection_endpoint", issuer + "/oauth2/introspect")
            .put("revocation_endpoint", issuer + "/oauth2/revoke")
            .put("jwks_uri", issuer + "/oauth2/jwks")
            .put("response_types_supported", List.of())
            .put(
                "grant_types_supported",
                List.of(ClientCredentialsGrant.TYPE, TokenExchangeGrant.TYPE))
            .put("token_endpoint_auth_methods_supported", methods)
            .put("token_endpoint_auth_signing_alg_values_supported", ALGORITHMS)
            .put("introspection_endpoint_auth_methods_supported", methods)
            .put("introspection_endpoint_auth_signing_alg_values_supported", ALGORITHMS)
            .put("revocation_endpoint_auth_methods_supported", methods)
            .put("revocation_endpoint_auth_signing_alg_values_supported", ALGORITHMS)
            .put("dpop_signing_alg_values_supported", ALGORITHMS)
            .put("tls_client_certificate_bound_access_tokens", certificates)
            .build();
  }

  /// Answers the metadata.
  public Response metadata(Request request) {
    return Response.json(200, metadata).cacheable("public, max-age=300");
  }
}
