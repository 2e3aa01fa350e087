package io.prokura.demo;

import io.prokura.json.Json;
import java.util.Optional;

/// A call of a tool of the CRM, as it stands in a message.
///
/// @param object the contact it is about, or [Tool#ALL]
/// @param approval the id of the approval that is presented with it; empty for none
record ToolCall(Tool tool, String object, String approval) {
  /// The member of `_meta` in which a caller presents an approval.
  static final String APPROVAL = "io.prokura/approval";

  private static final Json.Obj NOTHING = Json.object().build();

  /// The call in a JSON-RPC request; empty when that is no `tools/call`, or one of a tool that
  /// there is not, or with arguments that do not fit it.
  static Optional<ToolCall> of(Json.Obj message) {
    var params = message.object("params").orElse(NOTHING);
    var arguments =
        params.get("arguments").isPresent() ? params.object("arguments") : Optional.of(NOTHING);
    boolean isCall =
        message.get("id").isPresent()
            && message.text("method").filter("tools/call"::equals).isPresent();
    var tool = params.text("name").flatMap(Tool::named).filter(_ -> isCall);
    var approval = params.object("_meta").flatMap(meta -> meta.text(APPROVAL)).orElse("");
    return tool.flatMap(
        known ->
            arguments.flatMap(known::object).map(object -> new ToolCall(known, object, approval)));
  }

  /// Whether a message is a `tools/call` whose parameters are not of the types that MCP gives them:
  /// no tool could say what is wrong with those.
  static boolean isMalformed(Json.Obj message) {
    if (message.text("method").filter("tools/call"::equals).isEmpty()) {
      return false;
    }
    var params = message.object("params").orElse(NOTHING);
    return params.text("name").isEmpty()
        || (params.get("arguments").isPresent() && params.object("arguments").isEmpty())
        || (params.get("_meta").isPresent() && params.object("_meta").isEmpty());
  }
}
