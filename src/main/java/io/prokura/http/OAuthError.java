package io.prokura.http;

import io.prokura.json.Json;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;

/// The form in which OAuth endpoints say no (RFC 6749 §5.2).
public final class OAuthError {
  /// How long a client waits before it asks for more than may wait: a request or flow is over after
  /// minutes, and assertions are counted by the minute.
  private static final String WAITING_AFTER = "60";

  private OAuthError() {}

  /// The refusal as a JSON object with `error` and `error_description`. A client that used the
  /// `Authorization` header and was not recognised is told the scheme; so is one without a good
  /// token where that is what is needed (RFC 6750 §3).
  public static Response response(Request request, Result.Refused<?> refused) {
    var reason = refused.reason();
    var response = of(reason.status(), reason.error(), refused.detail());
    if (reason == Refusal.TOKEN_INVALID) {
      return response.with("WWW-Authenticate", bearer(request, refused));
    }
    if (reason == Refusal.TOO_MANY_WAITING || reason == Refusal.ASSERTIONS_TOO_MANY) {
      return response.with("Retry-After", WAITING_AFTER);
    }
    return reason == Refusal.CLIENT_NOT_AUTHENTICATED && request.hasAuthorization()
        ? response.with("WWW-Authenticate", Problem.BASIC)
        : response;
  }

  /// A request without any credentials is told the scheme only (RFC 6750 §3.1).
  private static String bearer(Request request, Result.Refused<?> refused) {
    var realm = "Bearer realm=\"prokura\"";
    return request.hasAuthorization()
        ? "%s, error=\"%s\", error_description=\"%s\""
            .formatted(realm, refused.reason().error(), HeaderText.describe(refused.detail()))
        : realm;
  }

  static Response of(int status, String error, String detail) {
    var body =
        Json.object()
            .put("error", error)
            .put("error_description", HeaderText.describe(detail))
            .build();
    return Response.json(status, body);
  }

  static Response outage(String detail) {
    return of(503, "temporarily_unavailable", detail).with("Retry-After", Problem.RETRY_AFTER);
  }

  static Response bug() {
    return of(500, "server_error", Problem.UNPROCESSED);
  }
}
