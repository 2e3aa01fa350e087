package io.prokura.http;

/// Lets scripts of other sites' pages read answers (Fetch §3.2, RFC 9700 §2.6). It never lets them
/// send the cookies of the person at the browser: a script gets what anybody gets who sends the
/// same.
final class CrossOrigin {
  private static final String PREFLIGHT = "OPTIONS";

  private CrossOrigin() {}

  /// Whether a browser asks before it sends what a script wants.
  static boolean isPreflight(String method) {
    return method.equals(PREFLIGHT);
  }

  /// What a browser is told that asks; `methods` are those of the path.
  static Response preflight(String methods) {
    return readable(Response.empty(204))
        .with("Access-Control-Allow-Methods", methods)
        .with(
            "Access-Control-Allow-Headers",
            "Authorization, Content-Type, DPoP, MCP-Protocol-Version")
        .with("Access-Control-Max-Age", "600");
  }

  /// A copy of `response` that scripts may read, with the headers that clients need (RFC 9449 §9).
  static Response readable(Response response) {
    return response
        .with("Access-Control-Allow-Origin", "*")
        .with("Access-Control-Expose-Headers", "DPoP-Nonce, Retry-After, WWW-Authenticate");
  }
}
