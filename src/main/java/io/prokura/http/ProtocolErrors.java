package io.prokura.http;

import io.helidon.http.DirectHandler;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import io.prokura.kernel.Refusal;

/// Answers what never became a request: a broken request line or header, a body that is announced
/// too long, an unknown version. Nothing of what was sent is repeated, but for the request's id.
record ProtocolErrors(RequestIds ids, Metrics.OfRoute metrics, RouteTable table)
    implements DirectHandler {

  DirectHandlers directHandlers() {
    var handlers = DirectHandlers.builder();
    for (var type : EventType.values()) {
      handlers.addHandler(type, this);
    }
    return handlers.build();
  }

  @Override
  public TransportResponse handle(
      TransportRequest request,
      EventType type,
      Status status,
      ServerResponseHeaders headers,
      String message) {
    var id = ids.of(request.headers());
    // Verbs answer for their own failures, so what fails out here is what the peer sent.
    int code = status.code() >= 500 && type == EventType.INTERNAL_ERROR ? 400 : status.code();
    var response = response(table.form(request.path()), code, id);
    metrics.answered(code, 0);
    var out = ServerResponseHeaders.create();
    WireHeaders.write(response, id, out);
    return TransportResponse.builder()
        .status(Status.create(code))
        .headers(out)
        .keepAlive(false)
        .entity(response.body())
        .build();
  }

  private static Response response(ErrorForm form, int status, String id) {
    if (status == Refusal.PAYLOAD_TOO_LARGE.status()) {
      return form.refusal(Refusal.PAYLOAD_TOO_LARGE, Dispatcher.TOO_LARGE, id);
    }
    var detail = "the request is not well-formed HTTP/1.1";
    return form.refusal(status, Refusal.MALFORMED_REQUEST, detail, id);
  }
}
