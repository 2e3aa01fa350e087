package io.prokura.http;

import io.helidon.http.DirectHandler;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import io.prokura.kernel.Refusal;

/// Answers what never became a request: a broken request line or header, a body that is announced
/// too long, an unknown version. Nothing of what was sent is repeated, but for the request's id.
record ProtocolErrors(RequestIds ids, Unrouted unrouted) implements DirectHandler {

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
    var response = response(request, code, id);
    unrouted.metrics().answered(code, 0);
    var out = ServerResponseHeaders.create();
    WireHeaders.write(response, id, out);
    return TransportResponse.builder()
        .status(Status.create(code))
        .headers(out)
        .keepAlive(false)
        .entity(response.body())
        .build();
  }

  /// Helidon calls this on the thread of the connection.
  private Response response(TransportRequest request, int status, String id) {
    boolean isTooLarge = status == Refusal.PAYLOAD_TOO_LARGE.status();
    return unrouted.refuse(
        Connection.current(),
        request.headers(),
        request.path(),
        status,
        isTooLarge ? Refusal.PAYLOAD_TOO_LARGE : Refusal.MALFORMED_REQUEST,
        new Unrouted.Why(
            isTooLarge ? Dispatcher.TOO_LARGE : "the request is not well-formed HTTP/1.1", id));
  }
}
