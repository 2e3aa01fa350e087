package io.prokura.mcp;

import io.prokura.json.Json;
import java.util.LinkedHashMap;
import java.util.Optional;

/// The COAZ binding for the Model Context Protocol (COAZ-MCP 1.0 draft 1): from a message, the
/// called tool's definition and the claims of a *validated* access token to the request that the
/// decision point has to be asked. Safe for use by several threads.
///
/// Stricter than the draft in two points: the subject's id has to be the claim `sub` whatever a
/// mapping says, and what the token says of the acting agent (`context.agent` where the mapping has
/// none, `context.actor` always) stands in every question.
public final class Binding {
  private final Expressions expressions = new Expressions();

  /// What `message` asks for. `tool` is the definition of the tool that a `tools/call` names, as
  /// `tools/list` shows it, empty when there is none; its `inputSchema["x-authzen-mapping"]`
  /// takes the place of the default mapping. `server` is the identifier of the MCP server, with
  /// which an audience of several is resolved. Throws nothing: what is not understood is
  /// [Mapped.Faulty] or [Mapped.UnknownMethod].
  public Mapped map(Json.Obj message, Optional<Json.Obj> tool, Json.Obj claims, String server) {
    var named = message.text("method");
    if (named.isEmpty()) {
      return new Mapped.Faulty("the message has no method");
    }
    var method = named.get();
    if (method.equals("ping")
        || (method.startsWith("notifications/") && message.get("id").isEmpty())) {
      return new Mapped.PassThrough();
    }
    var standard = DefaultMappings.of(method);
    if (standard.isEmpty()) {
      return new Mapped.UnknownMethod();
    }
    try {
      var params = params(message);
      var declared = method.equals("tools/call") ? declared(tool, params) : Optional.<Json>empty();
      var seen = declared.isPresent() ? claims : withServer(claims, server);
      return new Filling(expressions, params, seen).fill(declared.orElse(standard.get()));
    } catch (MappingFault e) {
      return new Mapped.Faulty(e.detail());
    }
  }

  private static Json.Obj params(Json.Obj message) {
    return switch (message.get("params").orElseGet(() -> Json.object().build())) {
      case Json.Obj params -> params;
      default -> throw new MappingFault("params is an object");
    };
  }

  /// A mapping is taken from the definition of the tool that is called, and of no other.
  private static Optional<Json> declared(Optional<Json.Obj> tool, Json.Obj params) {
    if (tool.isEmpty()) {
      return Optional.empty();
    }
    var name = tool.get().text("name");
    if (name.isEmpty() || !name.equals(params.text("name"))) {
      throw new MappingFault("the tool's definition is not of the tool that is called");
    }
    return tool.get().object("inputSchema").flatMap(schema -> schema.get("x-authzen-mapping"));
  }

  /// The claims with the one audience that is the server's.
  private static Json.Obj withServer(Json.Obj claims, String server) {
    if (!(claims.get("aud").orElseGet(Json.Null::new) instanceof Json.Arr(var audience))) {
      return claims;
    }
    var own = audience.stream().filter(one -> one.equals(Json.text(server))).findFirst();
    var chosen = audience.size() == 1 ? Optional.of(audience.getFirst()) : own;
    var members = new LinkedHashMap<>(claims.members());
    members.put(
        "aud",
        chosen.orElseThrow(
            () -> new MappingFault("the token's audience does not name the server")));
    return new Json.Obj(members);
  }
}
