package io.prokura.app;

import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/// The description of everything the server answers (OpenAPI 3.1), written in `openapi.yaml`. The
/// server it names is the configured issuer alone: nothing of a request's headers gets into it.
final class OpenApiEndpoint {
  private static final String WRITTEN = "/openapi.yaml";
  private static final byte[] UNREAD = {};

  private final JsonReader reader;
  private final String issuer;
  private final AtomicReference<byte[]> document = new AtomicReference<>(UNREAD);

  OpenApiEndpoint(JsonReader reader, String issuer) {
    this.reader = reader;
    this.issuer = issuer;
  }

  /// Answers the document. It is read when it is first asked for, since a start has no need of it;
  /// who asks at the same moment may read it as well.
  Response document(Request request) {
    var body = document.get();
    if (body.length == 0) {
      body = read();
      document.set(body);
    }
    return Response.bytes(200, "application/json", body).cacheable("public, max-age=300");
  }

  private byte[] read() {
    if (!(reader.readYaml(written()) instanceof Result.Ok(var written))) {
      throw new IllegalStateException(WRITTEN + " is not well-formed YAML");
    }
    var server = Json.object().put("url", issuer).build();
    var members = new LinkedHashMap<>(written.members());
    members.put("servers", Json.array(List.of(server)));
    return new Json.Obj(members).bytes();
  }

  private static byte[] written() {
    try (var in = OpenApiEndpoint.class.getResourceAsStream(WRITTEN)) {
      return Objects.requireNonNull(in, WRITTEN).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
