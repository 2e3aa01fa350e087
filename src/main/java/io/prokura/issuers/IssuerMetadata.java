package io.prokura.issuers;

import io.prokura.json.Json;
import java.util.Optional;
import java.util.function.Predicate;

/// What an issuer says of itself (OpenID Connect Discovery 1.0 §3, RFC 8414 §2), as far as it is
/// used here. `sendsIssuer` is whether its authorization responses say whose they are (RFC 9207
/// §3).
public record IssuerMetadata(
    String jwksUri, String authorizationEndpoint, String tokenEndpoint, boolean sendsIssuer) {

  /// Where an OpenID provider says it.
  static String url(String issuer) {
    var base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
    return base + "/.well-known/openid-configuration";
  }

  /// Reads `document`; empty when it is another issuer's (§4.3), or an address in it is not one of
  /// `urls`. An issuer that only signs has no endpoints; those are empty then.
  static Optional<IssuerMetadata> read(Json.Obj document, String issuer, Predicate<String> urls) {
    var jwks = document.text("jwks_uri").filter(urls);
    var authorization = document.text("authorization_endpoint");
    var token = document.text("token_endpoint");
    boolean isGood =
        document.text("issuer").filter(issuer::equals).isPresent()
            && jwks.isPresent()
            && authorization.filter(url -> !urls.test(url)).isEmpty()
            && token.filter(url -> !urls.test(url)).isEmpty();
    return isGood
        ? Optional.of(
            new IssuerMetadata(
                jwks.get(),
                authorization.orElse(""),
                token.orElse(""),
                document.flag("authorization_response_iss_parameter_supported").orElse(false)))
        : Optional.empty();
  }
}
