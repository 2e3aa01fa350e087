package io.prokura.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;
import io.helidon.webserver.CloseConnectionException;
import io.prokura.tls.ClientCertificate;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/// TLS on one connection, between the socket and HTTP. Everything happens on the connection's own
/// thread, and a socket that is closed from elsewhere ends it, so that the connection's bounds hold
/// for the handshake too.
final class TlsLine implements DataWriter {
  private final SSLEngine engine;
  private final Supplier<byte[]> in;
  private final DataWriter out;
  private ByteBuffer encrypted;
  private ByteBuffer plain;
  private ByteBuffer sealed;
  private Optional<ClientCertificate> peer = Optional.empty();
  private boolean established;

  /// `in` gives the next bytes from the socket, and throws where there are none any more.
  TlsLine(SSLEngine engine, Supplier<byte[]> in, DataWriter out) {
    this.engine = engine;
    this.in = in;
    this.out = out;
    var session = engine.getSession();
    encrypted = ByteBuffer.allocate(session.getPacketBufferSize()).flip();
    plain = ByteBuffer.allocate(session.getApplicationBufferSize());
    sealed = ByteBuffer.allocate(session.getPacketBufferSize());
  }

  /// Agrees on keys with the peer. What the peer sends behind that stays for [#receive].
  void handshake() {
    try {
      engine.beginHandshake();
      while (!established) {
        step();
      }
      peer = certificate();
    } catch (SSLException e) {
      alert();
      throw new CloseConnectionException("no TLS handshake", e);
    }
  }

  /// The certificate that the peer presented in the handshake.
  Optional<ClientCertificate> peer() {
    return peer;
  }

  private Optional<ClientCertificate> certificate() {
    try {
      var chain = engine.getSession().getPeerCertificates();
      return Optional.of(
          ClientCertificate.of(Arrays.stream(chain).map(X509Certificate.class::cast).toList()));
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty();
    }
  }

  /// The peer's next bytes, at least one.
  byte[] receive() {
    try {
      while (plain.position() == 0) {
        step();
      }
    } catch (SSLException e) {
      alert();
      throw new CloseConnectionException("the TLS connection broke", e);
    }
    var bytes = Arrays.copyOf(plain.array(), plain.position());
    plain.clear();
    return bytes;
  }

  /// Does the one thing that the handshake is waiting for, or takes in the next record.
  private void step() throws SSLException {
    switch (engine.getHandshakeStatus()) {
      case NEED_TASK -> runTasks();
      case NEED_WRAP -> wrap(ByteBuffer.allocate(0));
      case NEED_UNWRAP, NEED_UNWRAP_AGAIN, NOT_HANDSHAKING, FINISHED -> unwrap();
    }
  }

  private void runTasks() {
    for (var task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
      task.run();
    }
  }

  private void unwrap() throws SSLException {
    var result = engine.unwrap(encrypted, plain);
    note(result);
    switch (result.getStatus()) {
      case OK -> {}
      case CLOSED -> throw new CloseConnectionException("the peer closed the TLS connection");
      case BUFFER_UNDERFLOW -> readMore();
      case BUFFER_OVERFLOW -> plain = ByteBuffer.allocate(2 * plain.capacity()).put(plain.flip());
    }
    if (result.getStatus() == SSLEngineResult.Status.OK) {
      refuseRenegotiation();
    }
  }

  /// A handshake on a connection that has had its own could change who the peer is.
  private void refuseRenegotiation() throws SSLException {
    if (established
        && engine.getSession().getProtocol().equals("TLSv1.2")
        && engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING
        && !engine.isInboundDone()) {
      throw new SSLException("renegotiation");
    }
  }

  private void readMore() {
    var bytes = in.get();
    encrypted.compact();
    if (encrypted.remaining() < bytes.length) {
      encrypted = ByteBuffer.allocate(encrypted.position() + bytes.length).put(encrypted.flip());
    }
    encrypted.put(bytes).flip();
  }

  private void wrap(ByteBuffer data) throws SSLException {
    sealed.clear();
    var result = engine.wrap(data, sealed);
    note(result);
    switch (result.getStatus()) {
      case OK, CLOSED -> {
        sealed.flip();
        if (sealed.hasRemaining()) {
          // The writer may keep what it is given, so it gets a copy.
          out.writeNow(BufferData.create(Arrays.copyOf(sealed.array(), sealed.limit())));
        }
        if (result.getStatus() == SSLEngineResult.Status.CLOSED && data.hasRemaining()) {
          throw new SSLException("closed");
        }
      }
      case BUFFER_OVERFLOW -> sealed = ByteBuffer.allocate(2 * sealed.capacity());
      case BUFFER_UNDERFLOW -> throw new SSLException("nothing to wrap");
    }
  }

  private void note(SSLEngineResult result) {
    established |= result.getHandshakeStatus() == HandshakeStatus.FINISHED;
  }

  /// Tells the peer that nothing more comes, or what was wrong, if it still listens.
  void end() {
    engine.closeOutbound();
    alert();
  }

  private void alert() {
    try {
      for (int i = 0; i < 4 && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP; i++) {
        wrap(ByteBuffer.allocate(0));
      }
    } catch (SSLException | UncheckedIOException e) {
      // There is nobody to tell any more.
      established = true;
    }
  }

  @Override
  public void write(BufferData... buffers) {
    write(BufferData.create(buffers));
  }

  @Override
  public void write(BufferData buffer) {
    var data = ByteBuffer.wrap(buffer.readBytes());
    try {
      while (data.hasRemaining()) {
        wrap(data);
      }
    } catch (SSLException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void writeNow(BufferData... buffers) {
    write(buffers);
  }

  @Override
  public void writeNow(BufferData buffer) {
    write(buffer);
  }

  @Override
  public void flush() {
    out.flush();
  }
}
