package io.prokura.demo;

import static io.prokura.kernel.Refusal.MALFORMED_REQUEST;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.server.McpStatelessServerHandler;
import io.modelcontextprotocol.spec.HttpHeaders;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpStatelessServerTransport;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/// MCP's Streamable HTTP without sessions, on the project's own web server: every message is one
/// POST and its answer one JSON object. There are no streams, so GET and DELETE are not answered.
/// Who may send what is decided before a message comes here.
final class StatelessTransport implements McpStatelessServerTransport {
  private static final int INVALID_REQUEST = -32600;

  private final McpJsonMapper mapper;
  private final AtomicReference<@Nullable McpStatelessServerHandler> handler =
      new AtomicReference<>();

  StatelessTransport(McpJsonMapper mapper) {
    this.mapper = mapper;
  }

  /// One JSON-RPC message: as the project read it, and as the SDK understands that.
  record Message(Json.Obj json, JSONRPCMessage parsed) {}

  @Override
  public void setMcpHandler(McpStatelessServerHandler mcpHandler) {
    handler.set(mcpHandler);
  }

  @Override
  public Mono<Void> closeGracefully() {
    return Mono.empty();
  }

  /// The message in a request. Refuses `MALFORMED_REQUEST` a body that is not one JSON-RPC request
  /// or notification, and a revision of MCP that this transport does not speak.
  Result<Message> read(Request request) {
    if (!(request.header(HttpHeaders.PROTOCOL_VERSION) instanceof Ok(var version))
        || version.filter(one -> !protocolVersions().contains(one)).isPresent()) {
      return refused(MALFORMED_REQUEST, "this revision of MCP is not spoken here");
    }
    var body = request.jsonObject();
    if (!(body instanceof Ok(var json))) {
      return body.refusal();
    }
    try {
      var parsed = McpSchema.deserializeJsonRpcMessage(mapper, json.toText());
      return parsed instanceof JSONRPCRequest || parsed instanceof JSONRPCNotification
          ? ok(new Message(json, parsed))
          : refused(MALFORMED_REQUEST, "neither a request nor a notification");
    } catch (IOException | RuntimeException e) {
      return refused(MALFORMED_REQUEST, "not a JSON-RPC message");
    }
  }

  /// Has the server answer a message; `context` is what its tools get to see of the caller.
  Response answer(Message message, McpTransportContext context) {
    var server = handler.get();
    if (server == null) {
      return Response.empty(503);
    }
    return switch (message.parsed()) {
      case JSONRPCRequest request ->
          Response.bytes(
              200,
              "application/json",
              written(
                  server
                      .handleRequest(context, request)
                      .contextWrite(reactor -> reactor.put(McpTransportContext.KEY, context))
                      .block()));
      case JSONRPCNotification notification -> {
        server
            .handleNotification(context, notification)
            .contextWrite(reactor -> reactor.put(McpTransportContext.KEY, context))
            .block();
        yield Response.empty(202);
      }
      default -> throw new IllegalStateException("neither a request nor a notification");
    };
  }

  private byte[] written(@Nullable Object response) {
    if (response == null) {
      throw new IllegalStateException("a request without a response");
    }
    try {
      return mapper.writeValueAsBytes(response);
    } catch (IOException e) {
      throw new IllegalStateException("a response that cannot be written", e);
    }
  }

  /// What a request gets that no message could be read from.
  static Response malformed(String detail) {
    var error = Json.object().put("code", INVALID_REQUEST).put("message", detail).build();
    return Response.json(
        400,
        Json.object().put("jsonrpc", "2.0").put("id", new Json.Null()).put("error", error).build());
  }
}
