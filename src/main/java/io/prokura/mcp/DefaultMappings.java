package io.prokura.mcp;

import io.prokura.json.Json;
import java.util.Map;
import java.util.Optional;

/// The mapping of every MCP method for which nobody declared another (COAZ-MCP, "Default
/// Mappings").
final class DefaultMappings {
  private static final String PROMPT = "params.ref.type == 'ref/prompt'";

  private static final Map<String, Json.Obj> OF_METHOD =
      Map.ofEntries(
          Map.entry(
              "initialize", server("initialize", "protocol_version", "$params.protocolVersion")),
          server("tools/list"),
          item("tools/call", "tool", "$params.name"),
          server("resources/list"),
          item("resources/read", "resource", "$params.uri"),
          item("resources/subscribe", "resource", "$params.uri"),
          item("resources/unsubscribe", "resource", "$params.uri"),
          server("prompts/list"),
          item("prompts/get", "prompt", "$params.name"),
          item(
              "completion/complete",
              "$" + PROMPT + " ? 'prompt' : 'resource'",
              "$" + PROMPT + " ? params.ref.name : params.ref.uri"),
          Map.entry("logging/setLevel", server("logging/setLevel", "level", "$params.level")),
          item("tasks/get", "task", "$params.taskId"),
          item("tasks/result", "task", "$params.taskId"),
          item("tasks/cancel", "task", "$params.taskId"),
          server("tasks/list"));

  private DefaultMappings() {}

  static Optional<Json.Obj> of(String method) {
    return Optional.ofNullable(OF_METHOD.get(method));
  }

  private static Map.Entry<String, Json.Obj> item(String method, String type, String id) {
    return Map.entry(method, mapping(method, type, id, Json.object()));
  }

  private static Map.Entry<String, Json.Obj> server(String method) {
    return item(method, "mcp_server", "$token.aud");
  }

  private static Json.Obj server(String method, String member, String expression) {
    return mapping(method, "mcp_server", "$token.aud", Json.object().put(member, expression));
  }

  private static Json.Obj mapping(String method, String type, String id, Json.Builder context) {
    var evaluation =
        Json.object()
            .put("subject", Json.object().put("type", "identity").put("id", "$token.sub").build())
            .put("action", Json.object().put("name", method).build())
            .put("resource", Json.object().put("type", type).put("id", id).build())
            .put("context", context.put("agent", "$token.?client_id").build())
            .build();
    return Json.object().put("evaluation", evaluation).build();
  }
}
