package io.prokura.app;

import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.json.Json;
import java.util.function.BooleanSupplier;

/// Health for whoever runs the server.
final class HealthEndpoint {
  private final BooleanSupplier ready;

  HealthEndpoint(BooleanSupplier ready) {
    this.ready = ready;
  }

  /// The process runs.
  Response live(Request request) {
    return Response.json(200, Json.object().put("status", "live").build());
  }

  /// The server can do its work: the database takes writes and this node follows the others. 503
  /// while it can't.
  Response ready(Request request) {
    return ready.getAsBoolean()
        ? Response.json(200, Json.object().put("status", "ready").build())
        : Response.json(503, Json.object().put("status", "not ready").build());
  }
}
