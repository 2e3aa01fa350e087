package io.prokura.demo;

import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.kernel.Scopes;
import java.util.List;

/// The CRM as OAuth knows it: what it is called, what it says of itself (RFC 9728), and how it
/// tells callers what they lack (RFC 6750 §3).
///
/// @param origin scheme, host and port
/// @param issuer the authorization server whose tokens are accepted
record ProtectedResource(String origin, String issuer) {
  /// The path of the MCP endpoint.
  static final String PATH = "/mcp";

  /// Where the metadata of a resource without a path would be; some clients look only here.
  static final String ROOT_METADATA = "/.well-known/oauth-protected-resource";

  /// Where they are, with the resource's path inserted (RFC 9728 §3.1).
  static final String METADATA = ROOT_METADATA + PATH;

  private static final String READING = Cast.TICKETS_READ + " " + Cast.CONTACTS_READ;

  /// The URI that tokens have to be for (RFC 8707 §2).
  String identifier() {
    return origin + PATH;
  }

  /// The metadata (RFC 9728 §2).
  Json.Obj metadata() {
    return Json.object()
        .put("resource", identifier())
        .put("authorization_servers", List.of(issuer))
        .put("scopes_supported", Tool.actions())
        .put("bearer_methods_supported", List.of("header"))
        .put("dpop_signing_alg_values_supported", List.of("ES256", "EdDSA"))
        .put("resource_name", "CRM")
        .build();
  }

  /// For a caller without a token: where to learn how to get one, and what to ask for at first.
  Response unauthenticated() {
    return challenge(401, "scope=\"" + READING + "\"");
  }

  /// For a token that is not good here.
  Response invalid(String description) {
    return challenge(
        401, "error=\"invalid_token\", error_description=\"" + plain(description) + "\"");
  }

  /// For a token that lacks a scope: all that the next one needs to have.
  Response insufficient(Scopes needed) {
    return challenge(403, "error=\"insufficient_scope\", scope=\"" + needed + "\"");
  }

  /// The same for both schemes: bearer tokens and those that are bound to a key (RFC 9449 §7.1).
  private Response challenge(int status, String parameters) {
    var challenge = parameters + ", resource_metadata=\"" + origin + METADATA + "\"";
    return Response.empty(status)
        .with("WWW-Authenticate", "Bearer " + challenge)
        .with("WWW-Authenticate", "DPoP " + challenge + ", algs=\"ES256 EdDSA\"");
  }

  /// A description has neither quotes nor backslashes (RFC 6750 §3).
  private static String plain(String text) {
    return text.replaceAll("[^ !#-\\[\\]-~]", "?");
  }
}
