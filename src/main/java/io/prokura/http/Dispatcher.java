package io.prokura.http;

import static io.prokura.kernel.Refusal.MALFORMED_REQUEST;
import static io.prokura.kernel.Refusal.METHOD_NOT_ALLOWED;
import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Refusal.PAYLOAD_TOO_LARGE;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;
import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.WARNING;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.HttpSecurity;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.prokura.kernel.Outage;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Takes every request from the wire to its verb and the answer back. The one place that catches
/// what verbs throw.
final class Dispatcher implements HttpRouting {
  static final String TOO_LARGE = "the request's body is too large";
  private static final System.Logger LOG = System.getLogger(Dispatcher.class.getName());
  private static final byte[] NO_BODY = {};

  private final RouteTable table;
  private final Around around;
  private final Request.Reading reading;
  private final RequestIds ids;
  private final Unrouted unrouted;
  private final Permits permits;
  private final Proxies proxies;
  private final HttpSecurity security = HttpSecurity.create();

  Dispatcher(
      RouteTable table,
      Around around,
      Request.Reading reading,
      RequestIds ids,
      Unrouted unrouted,
      Permits permits,
      Proxies proxies) {
    this.proxies = proxies;
    this.table = table;
    this.around = around;
    this.reading = reading;
    this.ids = ids;
    this.unrouted = unrouted;
    this.permits = permits;
  }

  /// An answer and where it is counted.
  private record Answer(Response response, Metrics.OfRoute metrics) {}

  @Override
  public void route(ConnectionContext wire, RoutingRequest received, RoutingResponse out) {
    if (!(wire instanceof Connection connection)) {
      throw new IllegalStateException("a connection that is not ours");
    }
    var id = ids.of(received.headers());
    var body = read(received);
    connection.answering();
    long start = System.nanoTime();
    switch (body) {
      case Result.Ok<byte[]>(var bytes) -> {
        var answer = answer(connection, received, bytes, id);
        answer.metrics().answered(answer.response().status(), System.nanoTime() - start);
        send(connection, received, out, answer.response(), id, connection.draining());
      }
      case Result.Refused<byte[]>(var reason, var detail) -> {
        unrouted.metrics().answered(reason.status(), 0);
        var refusal = unreached(connection, received, reason, detail, id);
        send(connection, received, out, refusal, id, true);
        throw new CloseConnectionException("the rest of the request is not readable");
      }
    }
  }

  private Result<byte[]> read(RoutingRequest received) {
    try {
      var content = received.content();
      if (!content.hasEntity()) {
        return ok(NO_BODY);
      }
      int max = reading.limits().bodyMax();
      var in = content.inputStream();
      // Helidon refuses a chunked body that grows too long and a length that is too large; the
      // read past the end tells it that the body is consumed.
      var length = received.headers().contentLength();
      var bytes = in.readNBytes(length.isPresent() ? (int) length.getAsLong() : max);
      return in.read() < 0 ? ok(bytes) : refused(PAYLOAD_TOO_LARGE, TOO_LARGE);
    } catch (CloseConnectionException e) {
      throw e;
    } catch (RequestException e) {
      return e.status().code() == PAYLOAD_TOO_LARGE.status()
          ? refused(PAYLOAD_TOO_LARGE, TOO_LARGE)
          : refused(MALFORMED_REQUEST, "the request's body is not well framed");
    } catch (IOException | RuntimeException e) {
      return refused(MALFORMED_REQUEST, "the request's body is not well framed");
    }
  }

  private Response unreached(
      Connection connection, RoutingRequest received, Refusal reason, String detail, String id) {
    return unrouted.refuse(
        connection,
        received.headers(),
        received.prologue().uriPath().rawPath(),
        reason.status(),
        reason,
        new Unrouted.Why(detail, id));
  }

  private Answer answer(Connection connection, RoutingRequest received, byte[] body, String id) {
    var prologue = received.prologue();
    var method = prologue.method().text();
    var path = prologue.uriPath().rawPath();
    return switch (table.find(path)) {
      case RouteTable.Match.Found(var target, var parameters) -> {
        var row = target.row(method);
        if (row == null) {
          yield new Answer(unanswered(target, method, id), unrouted.metrics());
        }
        yield switch (sender(connection, received)) {
          case Result.Ok<Proxies.Sender>(var sender) ->
              new Answer(
                  answer(row.route(), request(sender, received, path, parameters, body, id)),
                  row.metrics());
          case Result.Refused<Proxies.Sender>(var reason, var detail) ->
              new Answer(unreached(connection, received, reason, detail, id), unrouted.metrics());
        };
      }
      case RouteTable.Match.Unknown _ ->
          new Answer(Problem.refusal(NOT_FOUND, "there is nothing here", id), unrouted.metrics());
      case RouteTable.Match.Malformed _ -> {
        var why = "the request's path is not well formed";
        yield new Answer(
            unreached(connection, received, MALFORMED_REQUEST, why, id), unrouted.metrics());
      }
    };
  }

  private static Response unanswered(RouteTable.Target target, String method, String id) {
    return CrossOrigin.isPreflight(method) && target.isForAnyOrigin()
        ? CrossOrigin.preflight(target.allow())
        : notAllowed(target, id);
  }

  private static Response notAllowed(RouteTable.Target target, String id) {
    var detail = "the path answers other methods only";
    return target.form().refusal(METHOD_NOT_ALLOWED, detail, id).with("Allow", target.allow());
  }

  private Result<Proxies.Sender> sender(Connection connection, RoutingRequest received) {
    return proxies.sender(
        connection.peer(), connection.certificate(), new Request.HeaderLines(received.headers()));
  }

  private Request request(
      Proxies.Sender sender,
      RoutingRequest received,
      String path,
      Map<String, String> parameters,
      byte[] body,
      String id) {
    var prologue = received.prologue();
    var query = prologue.hasQuery() ? prologue.query().rawValue() : "";
    return new Request(
        reading,
        id,
        prologue.method().text(),
        path,
        parameters,
        query,
        received.headers(),
        sender,
        body);
  }

  private Response answer(Route route, Request request) {
    var response = call(route, request);
    return route.anyOrigin() ? CrossOrigin.readable(response) : response;
  }

  /// Catches everything: whatever fails, the caller gets an answer that says nothing about it, and
  /// the operator one line in the log that can be found by the request id.
  private Response call(Route route, Request request) {
    var form = ErrorForm.of(route.access());
    if (!admitted(route)) {
      return form.outage("too many requests are in progress", request.id());
    }
    try {
      return around.answer(route, request, route.verb());
    } catch (Outage e) {
      LOG.log(WARNING, () -> line("outage", route, request) + ": " + causes(e));
      return form.outage("something the server depends on does not answer", request.id());
    } catch (RuntimeException | Error e) {
      LOG.log(ERROR, () -> line("bug", route, request), e);
      return form.bug(request.id());
    } finally {
      permits.release(route.admission());
    }
  }

  private boolean admitted(Route route) {
    try {
      return permits.acquire(route.admission());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static String line(String kind, Route route, Request request) {
    return kind + " in request " + request.id() + " to " + route.method() + " " + route.path();
  }

  /// The messages of a chain of causes. An outage hits every request, so no stack traces.
  private static String causes(Throwable thrown) {
    var out = new StringBuilder(String.valueOf(thrown.getMessage()));
    @Nullable Throwable cause = thrown.getCause();
    for (int i = 0; cause != null && i < 5; i++) {
      out.append(" <- ").append(cause);
      cause = cause.getCause();
    }
    return out.toString();
  }

  private static void send(
      Connection connection,
      RoutingRequest received,
      RoutingResponse out,
      Response response,
      String id,
      boolean last) {
    out.status(Status.create(response.status()));
    var headers = out.headers();
    WireHeaders.write(response, id, headers);
    boolean ends = last || received.headers().containsToken(HeaderValues.CONNECTION_CLOSE);
    if (ends) {
      headers.set(HeaderValues.CONNECTION_CLOSE);
    }
    connection.sending(ends);
    try {
      if (received.prologue().method().text().equals("HEAD")) {
        headers.set(HeaderValues.create(HeaderNames.CONTENT_LENGTH, response.body().length));
        out.send(NO_BODY);
      } else {
        out.send(response.body());
      }
    } catch (UncheckedIOException e) {
      throw new CloseConnectionException("the peer is gone", e);
    }
    connection.sent();
  }

  @Override
  public HttpSecurity security() {
    return security;
  }
}
