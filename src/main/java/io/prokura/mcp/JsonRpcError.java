package io.prokura.mcp;

import io.prokura.json.Json;

/// The JSON-RPC 2.0 error responses with which an MCP server says no (COAZ-MCP, "Error Handling").
public final class JsonRpcError {
  private static final int DENIED = -32_001;
  private static final int INVALID_PARAMS = -32_602;
  private static final int INTERNAL = -32_603;
  private static final int DETAIL_MAX = 500;

  private JsonRpcError() {}

  /// The answer to a message that the decision point denies.
  public static Json.Obj denied(Json.Obj message, String why) {
    return error(message, DENIED, "Access denied: " + why);
  }

  /// The answer to a message that no valid request can be made from.
  public static Json.Obj mappingError(Json.Obj message, String why) {
    return error(message, INVALID_PARAMS, "COAZ mapping error: " + why);
  }

  /// The answer while the decision point cannot be reached or does not answer well.
  public static Json.Obj unavailable(Json.Obj message) {
    return error(message, INTERNAL, "Authorization service unavailable");
  }

  private static Json.Obj error(Json.Obj message, int code, String text) {
    var bounded = text.length() > DETAIL_MAX ? text.substring(0, DETAIL_MAX) : text;
    return Json.object()
        .put("jsonrpc", "2.0")
        .put("id", id(message))
        .put("error", Json.object().put("code", code).put("message", bounded).build())
        .build();
  }

  /// The id of the message, null when it has none that JSON-RPC allows.
  private static Json id(Json.Obj message) {
    return message
        .get("id")
        .filter(one -> one instanceof Json.Str || one instanceof Json.Whole)
        .orElseGet(Json.Null::new);
  }
}
