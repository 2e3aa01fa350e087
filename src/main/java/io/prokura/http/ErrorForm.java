package io.prokura.http;

import io.prokura.kernel.Refusal;

/// How a route says no where its verb was not reached or failed: in the form its callers expect.
enum ErrorForm {
  /// Problem details (RFC 9457).
  PROBLEM {
    @Override
    Response refusal(int status, Refusal reason, String detail, String requestId) {
      return Problem.of(status, reason.slug(), detail, requestId);
    }

    @Override
    Response outage(String detail, String requestId) {
      return Problem.outage(detail, requestId);
    }

    @Override
    Response bug(String requestId) {
      return Problem.bug(requestId);
    }
  },

  /// An object with `error` (RFC 6749 §5.2), for OAuth clients.
  OAUTH {
    @Override
    Response refusal(int status, Refusal reason, String detail, String requestId) {
      return OAuthError.of(status, reason.error(), detail);
    }

    @Override
    Response outage(String detail, String requestId) {
      return OAuthError.outage(detail);
    }

    @Override
    Response bug(String requestId) {
      return OAuthError.bug();
    }
  };

  static ErrorForm of(Access access) {
    return access instanceof Access.Client ? OAUTH : PROBLEM;
  }

  Response refusal(Refusal reason, String detail, String requestId) {
    return refusal(reason.status(), reason, detail, requestId);
  }

  /// The refusal under a status that HTTP has for this very case.
  abstract Response refusal(int status, Refusal reason, String detail, String requestId);

  /// Something the server depends on is gone or the server is at its bound: ask again.
  abstract Response outage(String detail, String requestId);

  /// A bug: nothing is said about it.
  abstract Response bug(String requestId);
}
