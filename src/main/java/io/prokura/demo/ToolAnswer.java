package io.prokura.demo;

import io.prokura.json.Json;
import java.util.Optional;
import java.util.regex.Pattern;

/// What came of a call of a tool.
sealed interface ToolAnswer {

  /// The tool answered.
  ///
  /// @param isError whether it could not or would not do it
  /// @param revision the revision of MCP that was negotiated
  record Result(boolean isError, Json.Obj content, String revision) implements ToolAnswer {}

  /// The token does not do: nothing reached the tool.
  ///
  /// @param challenge the header `WWW-Authenticate` (RFC 6750 §3)
  record Challenged(int status, String challenge) implements ToolAnswer {
    private static final Pattern PARAMETER = Pattern.compile("([a-z_]+)=\"([^\"]*)\"");

    /// The parameters of the challenge, in order.
    Json.Obj parameters() {
      var parameters = Json.object();
      PARAMETER
          .matcher(challenge)
          .results()
          .forEach(found -> parameters.put(found.group(1), found.group(2)));
      return parameters.build();
    }

    /// The value of a parameter of the challenge.
    Optional<String> parameter(String name) {
      return parameters().text(name);
    }
  }

  /// Whether the tool did what was asked.
  default boolean isDone() {
    return this instanceof Result result && !result.isError();
  }

  /// What the tool said; empty when it was not reached.
  default Json.Obj content() {
    return Json.object().build();
  }
}
