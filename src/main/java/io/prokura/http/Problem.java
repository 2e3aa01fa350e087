package io.prokura.http;

import io.prokura.json.Json;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import java.util.Locale;

/// The form in which everything but the OAuth endpoints says no: problem details (RFC 9457).
/// Extension members are `code`, the stable name of the reason, and `request_id`.
public final class Problem {
  static final String BASIC = "Basic realm=\"prokura\", charset=\"UTF-8\"";
  static final String RETRY_AFTER = "1";
  static final String UNPROCESSED = "the request could not be processed";
  private static final String DPOP = "DPoP realm=\"prokura\", algs=\"ES256 EdDSA PS256 RS256\"";
  private static final String BEARER = "Bearer realm=\"prokura\"";

  private Problem() {}

  /// The refusal as problem details; a caller without a good token is told what is wrong with it
  /// (RFC 6750 §3).
  public static Response response(Request request, Result.Refused<?> refused) {
    var reason = refused.reason();
    var response = of(reason.status(), reason.slug(), refused.detail(), request.id());
    return switch (reason) {
      case TOKEN_INVALID ->
          response
              .with("WWW-Authenticate", bearer(request, refused))
              .with("WWW-Authenticate", dpop(request, refused));
      case SCOPE_INSUFFICIENT -> response.with("WWW-Authenticate", bearer(request, refused));
      case DPOP_PROOF_INVALID ->
          of(401, reason.slug(), refused.detail(), request.id())
              .with("WWW-Authenticate", dpop(request, refused));
      case CLIENT_NOT_AUTHENTICATED -> response.with("WWW-Authenticate", BASIC);
      default -> response;
    };
  }

  /// The refusal with the type that a standard has for it, a URI.
  public static Response typed(Request request, Result.Refused<?> refused, String type) {
    var reason = refused.reason();
    return of(reason.status(), type, reason.slug(), refused.detail(), request.id());
  }

  /// A request without any credentials is told the scheme only (RFC 6750 §3.1).
  static String bearer(Request request, Result.Refused<?> refused) {
    return refused.reason() == Refusal.TOKEN_INVALID && !request.hasAuthorization()
        ? BEARER
        : BEARER
            + ", error=\""
            + refused.reason().error()
            + "\", error_description=\""
            + HeaderText.describe(refused.detail())
            + '"';
  }

  /// The same for proofs of possession (RFC 9449 §7.1).
  private static String dpop(Request request, Result.Refused<?> refused) {
    return request.hasAuthorization()
        ? DPOP
            + ", error=\""
            + refused.reason().error()
            + "\", error_description=\""
            + HeaderText.describe(refused.detail())
            + '"'
        : DPOP;
  }

  /// A refusal for which no verb was reached.
  static Response refusal(Refusal reason, String detail, String requestId) {
    return of(reason.status(), reason.slug(), detail, requestId);
  }

  /// Something the server depends on is gone or the server is at its bound: ask again.
  static Response outage(String detail, String requestId) {
    return of(503, "outage", detail, requestId).with("Retry-After", RETRY_AFTER);
  }

  /// A bug: nothing is said about it.
  static Response bug(String requestId) {
    return of(500, "internal-error", UNPROCESSED, requestId);
  }

  static Response of(int status, String slug, String detail, String requestId) {
    return of(status, "/errors/" + slug, slug, detail, requestId);
  }

  private static Response of(
      int status, String type, String slug, String detail, String requestId) {
    var body =
        Json.object()
            .put("type", type)
            .put("title", title(slug))
            .put("status", status)
            .put("detail", detail)
            .put("code", slug)
            .put("request_id", requestId)
            .build();
    return Response.bytes(status, "application/problem+json", body.bytes());
  }

  private static String title(String slug) {
    return slug.substring(0, 1).toUpperCase(Locale.ROOT) + slug.substring(1).replace('-', ' ');
  }
}
