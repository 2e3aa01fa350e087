package io.prokura.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.Router;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import io.prokura.tls.ClientCertificate;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLEngine;

/// One accepted connection, on the virtual thread that reads, answers and writes it. It stands
/// between Helidon's HTTP/1.1 and the socket so that no phase of a request lasts longer than its
/// bound and no request is longer than its bound, whatever the bytes are. Helidon asks every
/// connection at intervals whether it has been idle for too long; the answer covers all phases.
final class Connection implements ConnectionContext, ServerConnection {
  private static final ScopedValue<Connection> CURRENT = ScopedValue.newInstance();
  private static final Duration LINGER_MAX = Duration.ofSeconds(1);
  private static final int LINGER_BYTES_MAX = 4 * 1024 * 1024;

  /// What the connection is doing. While it answers it has no deadline: the verb has its own.
  private enum Phase {
    IDLE,
    RECEIVING,
    ANSWERING,
    SENDING,
    CLOSED
  }

  /// The bounds of every connection; `receivedMax` in bytes for one request, framing included.
  record Bounds(
      Duration receiveMax,
      Duration sendMax,
      Duration idleMax,
      Duration crowdedMax,
      int receivedMax) {}

  /// What a connection has to know of all others: whether the server stops, whether so many are
  /// open that idle ones have to go, and whom to tell that this one has ended.
  record House(BooleanSupplier stopping, BooleanSupplier crowded, Runnable ended) {}

  private final ConnectionContext under;
  private final Router router;
  private final Bounds bounds;
  private final DataReader reader = DataReader.create(this::receive);
  private final Optional<TlsLine> tls;
  private final ServerConnection protocol;
  private final String peer;
  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.IDLE);
  private volatile long deadline;
  private final House house;
  private boolean ended;
  private boolean lingering = true;
  private int received;

  Connection(
      ConnectionContext under,
      ServerConnectionSelector http,
      Router router,
      Bounds bounds,
      House house,
      Optional<SSLEngine> engine) {
    this.house = house;
    this.under = under;
    this.router = router;
    this.bounds = bounds;
    this.deadline = System.nanoTime() + bounds.idleMax().toNanos();
    this.peer = address(under.remotePeer());
    this.tls = engine.map(side -> new TlsLine(side, this::read, under.dataWriter()));
    this.protocol = http.connection(this);
  }

  /// The address and never a name, which whoever owns the address could choose.
  private static String address(PeerInfo peer) {
    return peer.address() instanceof InetSocketAddress inet && !inet.isUnresolved()
        ? inet.getAddress().getHostAddress()
        : peer.host();
  }

  /// The connection that this thread serves.
  static Connection current() {
    return CURRENT.get();
  }

  /// The certificate that the peer presented on this connection.
  Optional<ClientCertificate> certificate() {
    return tls.flatMap(TlsLine::peer);
  }

  /// The peer's network address, without its port.
  String peer() {
    return peer;
  }

  /// Marks that a request is complete and no time runs against the peer any more.
  void answering() {
    var now = phase.get();
    lingering &= !ended;
    if (ended || now == Phase.CLOSED || !phase.compareAndSet(now, Phase.ANSWERING)) {
      throw new CloseConnectionException("closed before the request was complete");
    }
  }

  /// Marks that the answer is being written, after which the connection ends when `last` is set.
  void sending(boolean last) {
    ended |= last;
    deadline = System.nanoTime() + bounds.sendMax().toNanos();
    phase.compareAndSet(Phase.ANSWERING, Phase.SENDING);
  }

  /// Marks that the answer is written.
  void sent() {
    received = 0;
    deadline = System.nanoTime() + bounds.idleMax().toNanos();
    phase.compareAndSet(Phase.SENDING, Phase.IDLE);
    if (draining() && phase.compareAndSet(Phase.IDLE, Phase.CLOSED)) {
      throw new CloseConnectionException("the server stops");
    }
  }

  /// Whether the server stops, so that the answer in progress has to be the last one.
  boolean draining() {
    return house.stopping().getAsBoolean();
  }

  /// The next bytes from the socket.
  private byte[] receive() {
    if (ended) {
      lingering = false;
      throw new CloseConnectionException("the last answer is sent");
    }
    var bytes = tls.isPresent() ? tls.get().receive() : read();
    if (phase.get() == Phase.IDLE) {
      deadline = System.nanoTime() + bounds.receiveMax().toNanos();
      phase.compareAndSet(Phase.IDLE, Phase.RECEIVING);
    }
    received += bytes.length;
    if (phase.get() == Phase.CLOSED || received > bounds.receivedMax()) {
      lingering = false;
      throw new CloseConnectionException("too late or too long");
    }
    return bytes;
  }

  private byte[] read() {
    byte[] bytes;
    try {
      bytes = under.serverSocket().get();
    } catch (UncheckedIOException e) {
      lingering = false;
      throw new CloseConnectionException("the connection broke", e);
    }
    if (bytes == null) {
      lingering = false;
      throw new CloseConnectionException("the peer closed the connection");
    }
    return bytes;
  }

  @Override
  public void handle(Limit limit) throws InterruptedException {
    try {
      tls.ifPresent(this::secure);
      ScopedValue.where(CURRENT, this).call(() -> serve(limit));
    } finally {
      try {
        tls.ifPresent(this::end);
        linger();
      } finally {
        house.ended().run();
      }
    }
  }

  private Connection serve(Limit limit) throws InterruptedException {
    protocol.handle(limit);
    return this;
  }

  /// Has the TLS handshake, in the time that a request may take.
  private void secure(TlsLine line) {
    deadline = System.nanoTime() + bounds.receiveMax().toNanos();
    phase.compareAndSet(Phase.IDLE, Phase.RECEIVING);
    line.handshake();
    deadline = System.nanoTime() + bounds.idleMax().toNanos();
    phase.compareAndSet(Phase.RECEIVING, Phase.IDLE);
  }

  /// Says that nothing more comes, so that the peer can tell an end from a cut.
  private void end(TlsLine line) {
    deadline = System.nanoTime() + LINGER_MAX.toNanos();
    var now = phase.get();
    if (now != Phase.CLOSED && phase.compareAndSet(now, Phase.SENDING)) {
      line.end();
    }
  }

  /// Reads on for a moment after an answer that came before the end of its request: closing with
  /// unread bytes would reset the connection and could take the answer back (RFC 9112 §9.6).
  private void linger() {
    deadline = System.nanoTime() + LINGER_MAX.toNanos();
    var now = phase.get();
    if (!lingering || now == Phase.CLOSED || !phase.compareAndSet(now, Phase.SENDING)) {
      return;
    }
    int read = 0;
    try {
      while (read < LINGER_BYTES_MAX && phase.get() != Phase.CLOSED) {
        read += read().length;
      }
    } catch (CloseConnectionException e) {
      // The peer has its answer.
      phase.set(Phase.CLOSED);
    }
  }

  private boolean isOverdue(Phase now) {
    return switch (now) {
      case IDLE -> System.nanoTime() - deadline > early().toNanos();
      case RECEIVING, SENDING -> System.nanoTime() - deadline > 0;
      case ANSWERING, CLOSED -> false;
    };
  }

  /// How much sooner than usual an idle connection has to go: less than nothing in a crowd.
  private Duration early() {
    return house.crowded().getAsBoolean()
        ? bounds.crowdedMax().minus(bounds.idleMax())
        : Duration.ZERO;
  }

  /// Zero until a bound is passed, then longer than any bound.
  @Override
  public Duration idleTime() {
    return isOverdue(phase.get()) ? Duration.ofDays(1) : Duration.ZERO;
  }

  /// Closes now when a bound is passed or nothing is in progress; otherwise, when not forced, after
  /// the answer in progress.
  @Override
  public void close(boolean force) {
    var now = phase.get();
    if (force) {
      phase.set(Phase.CLOSED);
      protocol.close(true);
    } else if (isOverdue(now)) {
      if (phase.compareAndSet(now, Phase.CLOSED)) {
        closeSocket();
      }
    } else {
      if (phase.compareAndSet(Phase.IDLE, Phase.CLOSED)) {
        closeSocket();
      }
    }
  }

  private void closeSocket() {
    try {
      under.serverSocket().close();
    } catch (UncheckedIOException e) {
      // The peer was faster.
      phase.set(Phase.CLOSED);
    }
  }

  @Override
  public DataReader dataReader() {
    return reader;
  }

  @Override
  public DataWriter dataWriter() {
    return tls.<DataWriter>map(line -> line).orElseGet(under::dataWriter);
  }

  @Override
  public ListenerContext listenerContext() {
    return under.listenerContext();
  }

  @Override
  public ExecutorService executor() {
    return under.executor();
  }

  @Override
  public Router router() {
    return router;
  }

  @Override
  public HelidonSocket serverSocket() {
    return under.serverSocket();
  }

  @Override
  public PeerInfo remotePeer() {
    return under.remotePeer();
  }

  @Override
  public PeerInfo localPeer() {
    return under.localPeer();
  }

  @Override
  public boolean isSecure() {
    return tls.isPresent();
  }

  @Override
  public String socketId() {
    return under.socketId();
  }

  @Override
  public String childSocketId() {
    return under.childSocketId();
  }
}
