package io.prokura.http;

import static io.prokura.http.Recorded.NOTHING;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Outage;
import io.prokura.kernel.Result;
import io.prokura.kernel.World;
import io.prokura.tls.ClientCertificate;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A server with a verb for every behaviour under test.
final class StagedServer implements AutoCloseable {
  static final int LONG = 300_000;
  static final int HUGE = 32 * 1024 * 1024;
  static final World WORLD = new World(() -> Instant.EPOCH, new Random(1));
  private static final Access ANYONE = new Access.Anyone();

  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final Metrics metrics = new Metrics();
  private final HttpServer server;

  /// What came to no verb, as `route reason peer`.
  final List<String> unreached = new CopyOnWriteArrayList<>();

  StagedServer() {
    this(Around.NOTHING, options(8, 300));
  }

  StagedServer(Around around, HttpServer.Options options) {
    server =
        HttpServer.start(
            WORLD,
            metrics,
            around,
            (route, reason, peer) -> unreached.add(route + " " + reason.slug() + " " + peer),
            routes(),
            options);
  }

  static HttpServer.Options options(int concurrencyMax, long receiveMillis) {
    return options(concurrencyMax, receiveMillis, Duration.ofMillis(500));
  }

  /// Those of a server that waits so long for a peer that does not read.
  static HttpServer.Options sendingFor(Duration sendMax) {
    return options(8, 300, sendMax);
  }

  private static HttpServer.Options options(
      int concurrencyMax, long receiveMillis, Duration sendMax) {
    return new HttpServer.Options(
        "127.0.0.1",
        0,
        Limits.standard(),
        concurrencyMax,
        64,
        4096,
        Duration.ofMillis(receiveMillis),
        sendMax,
        Duration.ofSeconds(5),
        Duration.ofMillis(200),
        Duration.ofSeconds(5),
        Optional.empty(),
        Proxies.NONE,
        Optional.empty());
  }

  private List<Route> routes() {
    return List.of(
        route("GET", "/plain", request -> Response.text(200, "plain")),
        route("POST", "/form", request -> form(request)),
        route("POST", "/json", request -> json(request)),
        route("POST", "/size", request -> Response.text(200, "" + request.body().length)),
        route("GET", "/agents/{id}", request -> Response.text(200, request.pathParameter("id"))),
        route("GET", "/agents/all", request -> Response.text(200, "all of them")),
        route("DELETE", "/agents/{id}", request -> Response.empty(204)),
        route(
            "GET", "/tile/{path...}", request -> Response.text(200, request.pathParameter("path"))),
        route("GET", "/peer", request -> Response.text(200, request.peer())),
        route("GET", "/certificate", StagedServer::certificate),
        route("GET", "/cookies", StagedServer::cookies),
        route("GET", "/huge", request -> Response.bytes(200, "text/plain", new byte[HUGE])),
        route("GET", "/long", request -> Response.bytes(200, "text/plain", new byte[LONG])),
        route("GET", "/outage", request -> outage()),
        route("GET", "/bug", request -> bug()),
        route("GET", "/deep", request -> Response.text(200, "" + deep(1))),
        route("GET", "/full", request -> full()),
        route("GET", "/slow", request -> slow()),
        route("GET", "/vital", request -> Response.text(200, "vital")).always());
  }

  static Route route(String method, String path, Verb verb) {
    return new Route(method, path, ANYONE, NOTHING, verb);
  }

  private static Response form(Request request) {
    return switch (request.form(Set.of("resource"))) {
      case Result.Ok<Form>(var form) ->
          Response.text(200, form.names() + " " + form.all("resource"));
      case Result.Refused<Form> refused -> OAuthError.response(request, refused);
    };
  }

  private static Response json(Request request) {
    return switch (request.jsonObject()) {
      case Result.Ok<Json.Obj>(var object) -> Response.json(200, object);
      case Result.Refused<Json.Obj> refused -> Problem.response(request, refused);
    };
  }

  private static Response certificate(Request request) {
    var presented = request.certificate();
    return Response.text(200, presented.map(ClientCertificate::thumbprint).orElse("none"));
  }

  private static Response cookies(Request request) {
    return Response.empty(200)
        .with("Set-Cookie", "a=1")
        .with("Set-Cookie", "b=2")
        .with("Content-Security-Policy", "default-src 'self'")
        .cacheable("public, max-age=60");
  }

  private static Response outage() {
    throw new Outage("the database at 10.0.0.7 is gone");
  }

  private static Response bug() {
    throw new IllegalStateException("secret state");
  }

  private static int deep(int n) {
    return n < 0 ? n : deep(n + 1) + 1;
  }

  private static Response full() {
    throw new OutOfMemoryError("staged");
  }

  private Response slow() {
    entered.countDown();
    try {
      if (!release.await(20, TimeUnit.SECONDS)) {
        throw new IllegalStateException("never released");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return Response.text(200, "slow but sure");
  }

  int port() {
    return server.port();
  }

  HttpServer server() {
    return server;
  }

  Metrics metrics() {
    return metrics;
  }

  /// Waits until a request to `/slow` is in its verb.
  void awaitSlow() throws InterruptedException {
    assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
  }

  void releaseSlow() {
    release.countDown();
  }

  Wire wire() throws IOException {
    return new Wire(server.port());
  }

  Wire.Answer get(String path, String... headers) throws IOException {
    try (var wire = wire()) {
      var lines = headers.length == 0 ? "" : String.join("\n", headers) + "\n";
      return wire.send("GET " + path + " HTTP/1.1\nHost: a\n" + lines + "\n").answer();
    }
  }

  Wire.Answer post(String path, String type, String body) throws IOException {
    try (var wire = wire()) {
      wire.send("POST " + path + " HTTP/1.1\nHost: a\nContent-Type: " + type + "\n");
      return wire.send("Content-Length: " + body.length() + "\n\n").sendExactly(body).answer();
    }
  }

  static String line(String request) {
    return request + " HTTP/1.1\nHost: a\n\n";
  }

  @Override
  public void close() {
    release.countDown();
    server.stop();
  }
}
