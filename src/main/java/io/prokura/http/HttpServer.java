package io.prokura.http;

import com.sun.management.UnixOperatingSystemMXBean;
import io.helidon.common.Builder;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.socket.SocketOptions;
import io.helidon.http.encoding.ContentEncodingContext;
import io.helidon.http.media.MediaContext;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.Router;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Outage;
import io.prokura.kernel.World;
import io.prokura.tls.ServerTls;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// A running HTTP/1.1 server, with TLS or without it: then what stands before it, or the loopback
/// interface, protects the line.
public final class HttpServer {

  /// How to serve. `port` 0 takes any free one. At most `connectionsMax` connections are open, and
  /// `concurrencyMax` verbs run at a time besides those that are always admitted; a request's line
  /// and its headers have at most `headersMax` bytes each. `receiveMax` is the time from the first
  /// byte of a request to its last, `sendMax` the time to take its answer, `idleMax` the time
  /// between requests, `crowdedMax` the same while more than three quarters of all connections are
  /// open, and `drainMax` how long `stop` waits for requests in progress. `receiveMax` is also the
  /// time for the handshake where there is `tls`. `proxies` may speak for others.
  public record Options(
      String host,
      int port,
      Limits limits,
      int concurrencyMax,
      int connectionsMax,
      int headersMax,
      Duration receiveMax,
      Duration sendMax,
      Duration idleMax,
      Duration crowdedMax,
      Duration drainMax,
      Optional<ServerTls> tls,
      Proxies proxies) {
    private static final int CONNECTIONS_MAX = 16_384;
    private static final int FILES_KEPT = 192;

    public static Options standard(String host, int port, Limits limits) {
      return new Options(
          host,
          port,
          limits,
          256,
          connectionsThatFit(),
          16 * 1024,
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(75),
          Duration.ofSeconds(2),
          Duration.ofSeconds(15),
          Optional.empty(),
          Proxies.NONE);
    }

    /// A listener that gets no file descriptor ends for good, so some are left for everything else.
    private static int connectionsThatFit() {
      return ManagementFactory.getOperatingSystemMXBean()
              instanceof UnixOperatingSystemMXBean system
          ? Math.clamp(system.getMaxFileDescriptorCount() - FILES_KEPT, 16, CONNECTIONS_MAX)
          : CONNECTIONS_MAX;
    }

    /// The same with another bound on the verbs that run at a time.
    public Options withConcurrency(int max) {
      return new Options(
          host,
          port,
          limits,
          max,
          connectionsMax,
          headersMax,
          receiveMax,
          sendMax,
          idleMax,
          crowdedMax,
          drainMax,
          tls,
          proxies);
    }

    /// The same behind `proxies`, and with TLS where `tls` is given.
    public Options on(Optional<ServerTls> line, Proxies trusted) {
      return new Options(
          host,
          port,
          limits,
          concurrencyMax,
          connectionsMax,
          headersMax,
          receiveMax,
          sendMax,
          idleMax,
          crowdedMax,
          drainMax,
          line,
          trusted);
    }

    /// The bytes of one request, framing included: chunks of a single byte take six.
    private int receivedMax() {
      return 2 * headersMax + 8 * limits.bodyMax() + 64 * 1024;
    }

    /// How often connections are looked at: bounds are passed by a tenth at most, or a second.
    private Duration lookEvery() {
      var shortest = receiveMax;
      for (var bound : List.of(sendMax, idleMax, crowdedMax)) {
        shortest = bound.compareTo(shortest) < 0 ? bound : shortest;
      }
      return Duration.ofMillis(Math.clamp(shortest.toMillis() / 10, 10, 1_000));
    }
  }

  private final WebServer server;
  private final AtomicBoolean stopping;

  private HttpServer(WebServer server, AtomicBoolean stopping) {
    this.server = server;
    this.stopping = stopping;
  }

  /// Serves `routes` until `stop`; every verb is called through `around`, and `unreached` is told
  /// what came to none. Throws when the table contradicts itself, and [Outage] when the port cannot
  /// be had.
  public static HttpServer start(
      World world,
      Metrics metrics,
      Around around,
      Unreached unreached,
      List<Route> routes,
      Options options) {
    var ids = new RequestIds(world);
    var permits = new Permits(options.concurrencyMax());
    var table = new RouteTable(routes, metrics);
    var unrouted =
        new Unrouted(table, options.proxies(), metrics.ofRoute("none", "any"), unreached);
    var dispatcher =
        new Dispatcher(
            table,
            around,
            Request.Reading.of(options.limits()),
            ids,
            unrouted,
            permits,
            options.proxies());
    metrics.gauge("http_requests_in_progress", "Verbs that run right now.", permits::taken);
    refuseTaken(options);
    var stopping = new AtomicBoolean();
    var selector = new Selector(options, dispatcher, stopping);
    var server = serve(selector, new ProtocolErrors(ids, unrouted), options);
    if (!server.isRunning()) {
      throw new Outage("cannot listen on %s:%d".formatted(options.host(), options.port()));
    }
    return new HttpServer(server, stopping);
  }

  /// Helidon starts without a listener where it cannot have the port, and only its log tells why.
  private static void refuseTaken(Options options) {
    try (var socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(options.host(), options.port()));
    } catch (IOException e) {
      throw new Outage("cannot listen on %s:%d".formatted(options.host(), options.port()), e);
    }
  }

  private static WebServer serve(Selector selector, ProtocolErrors errors, Options options) {
    return WebServer.builder()
        .host(options.host())
        .port(options.port())
        .shutdownHook(false)
        .featuresDiscoverServices(false)
        .protocolsDiscoverServices(false)
        .contentEncoding(
            ContentEncodingContext.builder().contentEncodingsDiscoverServices(false).build())
        .mediaContext(MediaContext.builder().mediaSupportsDiscoverServices(false).build())
        .connectionOptions(SocketOptions.builder().tcpNoDelay(true).build())
        .maxTcpConnections(options.connectionsMax())
        .maxPayloadSize(options.limits().bodyMax())
        .idleConnectionTimeout(Duration.ofHours(1))
        .idleConnectionPeriod(options.lookEvery())
        .shutdownGracePeriod(options.drainMax())
        .directHandlers(errors.directHandlers())
        .addConnectionSelector(selector)
        .build()
        .start();
  }

  /// The port it listens on.
  public int port() {
    return server.port();
  }

  /// Takes no more connections, lets requests in progress finish within `drainMax`, and returns
  /// when everything is closed.
  public void stop() {
    // Helidon tells one connection after the other; no answer in between may promise another.
    stopping.set(true);
    server.stop();
  }

  /// Hands the dispatcher to Helidon, which only takes builders.
  private record Routing(Dispatcher dispatcher) implements Builder<Routing, Dispatcher> {
    @Override
    public Dispatcher build() {
      return dispatcher;
    }
  }

  /// Makes every accepted connection one of ours. HTTP/1.1 is the only protocol. The router goes
  /// with the connection: a listener that is given one adds another for HTTP beside it, and which
  /// of the two answers is left to chance.
  private static final class Selector implements ServerConnectionSelector {
    private final Connection.Bounds bounds;
    private final Http1ConnectionSelector http;
    private final Router router;
    private final AtomicBoolean stopping;
    private final AtomicInteger open = new AtomicInteger();
    private final int crowd;
    private final Optional<ServerTls> tls;

    Selector(Options options, Dispatcher dispatcher, AtomicBoolean stopping) {
      this.stopping = stopping;
      tls = options.tls();
      router = Router.builder().addRouting(new Routing(dispatcher)).build();
      crowd = options.connectionsMax() / 4 * 3;
      bounds =
          new Connection.Bounds(
              options.receiveMax(),
              options.sendMax(),
              options.idleMax(),
              options.crowdedMax(),
              options.receivedMax());
      http =
          Http1ConnectionSelector.builder()
              .config(
                  Http1Config.builder()
                      .maxPrologueLength(options.headersMax())
                      .maxHeadersSize(options.headersMax())
                      .sendKeepAliveHeader(false)
                      .build())
              .build();
    }

    @Override
    public int bytesToIdentifyConnection() {
      return http.bytesToIdentifyConnection();
    }

    @Override
    public Support supports(BufferData data) {
      return http.supports(data);
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
      return http.supportedApplicationProtocols();
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
      open.incrementAndGet();
      return new Connection(
          context,
          http,
          router,
          bounds,
          new Connection.House(
              stopping::get, () -> open.get() > crowd, () -> open.decrementAndGet()),
          tls.map(ServerTls::engine));
    }
  }
}
