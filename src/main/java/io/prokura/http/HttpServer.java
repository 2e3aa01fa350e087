package io.prokura.http;

import com.sun.management.UnixOperatingSystemMXBean;
import io.helidon.common.Builder;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.socket.SocketOptions;
import io.helidon.http.encoding.ContentEncodingContext;
import io.helidon.http.media.MediaContext;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.Router;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
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
  /// time for the handshake where there is `tls`. `proxies` may speak for others. Clients are asked
  /// for certificates at `certificatePort` alone, where there is one, else at `port`.
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
      Proxies proxies,
      Optional<Integer> certificatePort) {
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
          Proxies.NONE,
          Optional.empty());
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
          proxies,
          certificatePort);
    }

    /// The same behind `proxies`, with TLS where `line` is given, and with a port for clients with
    /// certificates.
    public Options on(Optional<ServerTls> line, Proxies trusted, Optional<Integer> certificatesAt) {
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
          trusted,
          certificatesAt);
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

  private static final String CERTIFICATES = "certificates";

  private final WebServer server;
  private final boolean separate;
  private final AtomicBoolean stopping;

  private HttpServer(WebServer server, boolean separate, AtomicBoolean stopping) {
    this.server = server;
    this.separate = separate;
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
    refuseTaken(options.host(), options.port());
    options.certificatePort().ifPresent(port -> refuseTaken(options.host(), port));
    var stopping = new AtomicBoolean();
    var errors = new ProtocolErrors(ids, unrouted).directHandlers();
    var server = serve(dispatcher, errors, stopping, options);
    if (!server.isRunning()) {
      throw new Outage("cannot listen on %s:%d".formatted(options.host(), options.port()));
    }
    return new HttpServer(server, options.certificatePort().isPresent(), stopping);
  }

  /// Helidon starts without a listener where it cannot have the port, and only its log tells why.
  private static void refuseTaken(String host, int port) {
    try (var socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(host, port));
    } catch (IOException e) {
      throw new Outage("cannot listen on %s:%d".formatted(host, port), e);
    }
  }

  private static WebServer serve(
      Dispatcher dispatcher, DirectHandlers errors, AtomicBoolean stopping, Options options) {
    boolean asks = options.certificatePort().isEmpty();
    var main = new Selector(options, asks, dispatcher, stopping);
    var server =
        listening(WebServer.builder(), options.port(), main, errors, options)
            .shutdownHook(false)
            .featuresDiscoverServices(false);
    if (options.certificatePort().isPresent()) {
      var second = new Selector(options, true, dispatcher, stopping);
      int port = options.certificatePort().get();
      var listener = ListenerConfig.builder().name(CERTIFICATES);
      server.putSocket(CERTIFICATES, listening(listener, port, second, errors, options).build());
    }
    return server.build().start();
  }

  private static <B extends ListenerConfig.BuilderBase<B, ?>> B listening(
      B listener, int port, Selector selector, DirectHandlers errors, Options options) {
    return listener
        .host(options.host())
        .port(port)
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
        .directHandlers(errors)
        .addConnectionSelector(selector);
  }

  /// The port it listens on.
  public int port() {
    return server.port();
  }

  /// The port where clients are asked for certificates.
  public int certificatePort() {
    return separate ? server.port(CERTIFICATES) : server.port();
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
    private final boolean asks;

    /// `asks` when whoever connects is asked for a certificate.
    Selector(Options options, boolean asks, Dispatcher dispatcher, AtomicBoolean stopping) {
      this.stopping = stopping;
      this.asks = asks;
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
          tls.map(line -> line.engine(asks)));
    }
  }
}
