package io.prokura.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.client.transport.McpHttpClientTransportAuthorizationException;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Result.Ok;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Calls tools of an MCP server over Streamable HTTP, with the official SDK, and shows with every
/// request that it may.
final class ToolClient {
  private static final Duration ANSWER_MAX = Duration.ofSeconds(20);
  private static final int CAUSES_MAX = 8;

  private final JsonReader json;
  private final McpJsonMapper mapper = McpJsonDefaults.getMapper();
  private final String name;

  /// A client that calls itself `name`.
  ToolClient(JsonReader json, String name) {
    this.json = json;
    this.name = name;
  }

  /// The headers by which a caller shows that it may send a request.
  @FunctionalInterface
  interface Credentials {
    Map<String, String> headers(String method, URI uri);

    /// Those of a caller that has nothing to show.
    static Credentials none() {
      return (_, _) -> Map.of();
    }

    /// Those of the bearer of a token.
    static Credentials bearer(String token) {
      return (_, _) -> Map.of("Authorization", "Bearer " + token);
    }
  }

  /// Connects to the server at `origin`, calls a tool and leaves.
  ToolAnswer call(String origin, Credentials credentials, ToolCall call) {
    var transport =
        HttpClientStreamableHttpTransport.builder(origin)
            .endpoint(ProtectedResource.PATH)
            .connectTimeout(ANSWER_MAX)
            .customizeClient(
                http ->
                    http.version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER))
            .addHttpRequestCustomizer(
                (request, method, uri, _, _) ->
                    credentials.headers(method, uri).forEach(request::setHeader))
            .build();
    try (var client =
        McpClient.sync(transport)
            .clientInfo(Implementation.builder(name, "1.0").build())
            .requestTimeout(ANSWER_MAX)
            .initializationTimeout(ANSWER_MAX)
            .build()) {
      var agreed = client.initialize();
      var result = client.callTool(request(call));
      boolean isError = Boolean.TRUE.equals(result.isError());
      return new ToolAnswer.Result(
          isError, content(result.structuredContent()), agreed.protocolVersion());
    } catch (RuntimeException e) {
      return challenged(e);
    }
  }

  private CallToolRequest request(ToolCall call) {
    var request =
        CallToolRequest.builder(call.tool().action())
            .arguments(mapper, call.tool().arguments(call.object()).toText());
    return call.approval().isEmpty()
        ? request.build()
        : request.meta(Map.of(ToolCall.APPROVAL, call.approval())).build();
  }

  private Json.Obj content(@Nullable Object structured) {
    try {
      var text = mapper.writeValueAsString(structured == null ? Map.of() : structured);
      return json.readObject(text.getBytes(UTF_8)) instanceof Ok(var object)
          ? object
          : Json.object().build();
    } catch (IOException e) {
      throw new StepFailed("the tool's answer can't be read: " + e.getMessage());
    }
  }

  /// The challenge that is why the SDK gave up; anything else ends the story.
  private static ToolAnswer challenged(RuntimeException thrown) {
    @Nullable Throwable cause = thrown;
    for (int i = 0; cause != null && i < CAUSES_MAX; i++) {
      if (cause instanceof McpHttpClientTransportAuthorizationException refused) {
        var response = refused.getResponseInfo();
        var challenge = response.headers().firstValue("WWW-Authenticate").orElse("");
        return new ToolAnswer.Challenged(response.statusCode(), challenge);
      }
      cause = cause.getCause();
    }
    throw new StepFailed("the MCP server does not answer: " + thrown);
  }
}
