package io.prokura.http;

import io.prokura.json.Json;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An API of this server as OAuth knows it: what it is called, what it says of itself (RFC 9728),
/// and how it tells callers what they lack (RFC 6750 §3, RFC 9449 §7.1).
///
/// A challenge carries an error in the scheme that the caller used, and none where nothing was sent
/// or something that is no access token.
public final class ProtectedResource {
  /// Where the metadata of a resource without a path would be; some clients look only here.
  public static final String WELL_KNOWN = "/.well-known/oauth-protected-resource";

  private static final String AUTHENTICATE = "WWW-Authenticate";
  private static final List<String> ALGORITHMS = List.of("ES256", "EdDSA", "PS256", "RS256");

  private final String issuer;
  private final String path;
  private final String name;
  private final String scope;
  private final List<String> scopes;

  /// The API at `path` of the server `issuer`. `scope` is what every token for it needs, `scopes`
  /// all that tokens for it can have.
  public ProtectedResource(
      String issuer, String path, String name, String scope, List<String> scopes) {
    this.issuer = issuer;
    this.path = path;
    this.name = name;
    this.scope = scope;
    this.scopes = List.copyOf(scopes);
  }

  /// The URI that tokens have to be for (RFC 8707 §2).
  public String identifier() {
    return issuer + path;
  }

  /// Answers its metadata (RFC 9728 §3.2), made from the configured issuer alone: nothing of a
  /// request's headers gets into it.
  public Response metadata(Request request) {
    var metadata =
        Json.object()
            .put("resource", identifier())
            .put("authorization_servers", List.of(issuer))
            .put("scopes_supported", scopes)
            .put("bearer_methods_supported", List.of("header"))
            .put("dpop_signing_alg_values_supported", ALGORITHMS)
            .put("resource_name", name)
            .build();
    return Response.json(200, metadata).cacheable("public, max-age=300");
  }

  /// The refusal as problem details, with what a caller needs to know to come again.
  public Response problem(Request request, Refused<?> refused) {
    var reason = refused.reason();
    return switch (reason) {
      case TOKEN_INVALID -> challenged(Problem.response(request, refused), request, refused);
      case DPOP_PROOF_INVALID, DPOP_NONCE_REQUIRED ->
          Problem.of(401, reason.slug(), refused.detail(), request.id())
              .with(AUTHENTICATE, Scheme.DPOP.challenge(this, Optional.of(refused)));
      case SCOPE_INSUFFICIENT ->
          Problem.response(request, refused)
              .with(AUTHENTICATE, Scheme.of(request).challenge(this, Optional.of(refused)));
      case CLIENT_NOT_AUTHENTICATED ->
          challenged(
              Problem.response(request, refused).with(AUTHENTICATE, Problem.BASIC),
              request,
              refused);
      default -> Problem.response(request, refused);
    };
  }

  /// `response` with a challenge for each scheme by which an access token can be presented.
  private Response challenged(Response response, Request request, Refused<?> refused) {
    var challenged = response;
    for (var scheme : Scheme.values()) {
      boolean isUsed = refused.reason() == Refusal.TOKEN_INVALID && scheme.isUsedIn(request);
      var error = isUsed ? Optional.<Refused<?>>of(refused) : Optional.<Refused<?>>empty();
      challenged = challenged.with(AUTHENTICATE, scheme.challenge(this, error));
    }
    return challenged;
  }

  private enum Scheme {
    BEARER("Bearer", ""),
    DPOP("DPoP", ", algs=\"" + String.join(" ", ALGORITHMS) + '"');

    private final String word;
    private final String parameters;

    Scheme(String word, String parameters) {
      this.word = word;
      this.parameters = parameters;
    }

    /// The scheme that the access token of `request` came by.
    static Scheme of(Request request) {
      return DPOP.isUsedIn(request) ? DPOP : BEARER;
    }

    boolean isUsedIn(Request request) {
      return request.headers("Authorization").stream()
          .anyMatch(one -> one.regionMatches(true, 0, word + " ", 0, word.length() + 1));
    }

    String challenge(ProtectedResource resource, Optional<Refused<?>> refused) {
      var said = new ArrayList<String>();
      refused.ifPresent(
          one -> {
            said.add("error=\"" + one.reason().error() + '"');
            said.add("error_description=\"" + HeaderText.describe(one.detail()) + '"');
          });
      if (refused.isEmpty() || refused.get().reason() == Refusal.SCOPE_INSUFFICIENT) {
        said.add("scope=\"" + resource.scope + '"');
      }
      said.add("resource_metadata=\"" + resource.issuer + WELL_KNOWN + resource.path + '"');
      return word + " realm=\"prokura\"" + parameters + ", " + String.join(", ", said);
    }
  }
}
