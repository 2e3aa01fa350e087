package io.prokura.selftest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/// The line over HTTP/1.1 (RFC 9112): one connection for each request, nothing repeated and no
/// redirect followed. Every wait and every answer has a bound.
final class HttpWire implements Wire {
  private static final int CONNECT_MILLIS = 5_000;
  private static final int ANSWER_MILLIS = 30_000;
  private static final int BODY_MAX = 4 * 1024 * 1024;
  private static final int LINE_MAX = 64 * 1024;
  private static final int LINES_MAX = 200;

  private final URI server;
  private final SocketFactory sockets;

  /// The line to `server`, an absolute URI without a query. TLS trusts what `trust` trusts, or what
  /// this machine does.
  HttpWire(URI server, Optional<SSLContext> trust) {
    this.server = server;
    sockets = isTls(server) ? tls(trust) : SocketFactory.getDefault();
  }

  private static SocketFactory tls(Optional<SSLContext> trust) {
    return trust
        .<SocketFactory>map(SSLContext::getSocketFactory)
        .orElseGet(SSLSocketFactory::getDefault);
  }

  private static boolean isTls(URI server) {
    return server.getScheme().equals("https");
  }

  @Override
  public Reply send(Sent sent) {
    try (var socket = connect()) {
      write(socket, sent);
      return read(new BufferedInputStream(socket.getInputStream()), sent.method());
    } catch (IOException e) {
      var path = sent.target().length() > 60 ? sent.target().substring(0, 60) + "…" : sent.target();
      throw new Unclear.NoAnswer(
          "no answer to " + sent.method() + " " + path + ": " + e.getMessage());
    }
  }

  private Socket connect() throws IOException {
    var socket = sockets.createSocket();
    try {
      socket.connect(new InetSocketAddress(server.getHost(), port()), CONNECT_MILLIS);
      socket.setSoTimeout(ANSWER_MILLIS);
      return isTls(server) ? shaken(socket) : socket;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /// The name in the certificate counts, which a plain socket factory doesn't look at.
  private Socket shaken(Socket socket) throws IOException {
    var tls = (SSLSocket) socket;
    var parameters = tls.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    tls.setSSLParameters(parameters);
    tls.startHandshake();
    return tls;
  }

  private int port() {
    return server.getPort() >= 0 ? server.getPort() : isTls(server) ? 443 : 80;
  }

  private void write(Socket socket, Sent sent) throws IOException {
    var body = sent.body().getBytes(UTF_8);
    var head = new StringBuilder();
    head.append(sent.method()).append(' ');
    head.append(Optional.ofNullable(server.getRawPath()).orElse("")).append(sent.target());
    head.append(" HTTP/1.1\r\n");
    if (!sent.has("Host")) {
      head.append("Host: ").append(server.getRawAuthority()).append("\r\n");
    }
    head.append("Connection: close\r\n");
    sent.headers().forEach(one -> head.append(one.name() + ": " + one.value() + "\r\n"));
    boolean isFramed = sent.has("Content-Length") || sent.has("Transfer-Encoding");
    if (!isFramed && (body.length > 0 || sent.method().equals("POST"))) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    var out = new ByteArrayOutputStream();
    out.writeBytes(head.append("\r\n").toString().getBytes(UTF_8));
    out.writeBytes(body);
    try {
      out.writeTo(socket.getOutputStream());
      socket.getOutputStream().flush();
    } catch (IOException e) {
      // Who refuses a request may stop reading it; what it said of that is still to be read.
      if (socket.isClosed()) {
        throw e;
      }
    }
  }

  private static Reply read(InputStream in, String method) throws IOException {
    int status;
    List<Header> headers;
    do {
      var first = line(in).split(" ", 3);
      if (first.length < 2 || !first[0].startsWith("HTTP/1.") || !first[1].matches("[1-5]\\d\\d")) {
        throw new ProtocolException("the answer is no HTTP/1.1");
      }
      status = Integer.parseInt(first[1]);
      headers = headers(in);
    } while (status / 100 == 1);
    var head = new Reply(status, headers, "");
    boolean isBare = method.equals("HEAD") || status == 204 || status == 304;
    return new Reply(status, headers, isBare ? "" : new String(body(in, head), UTF_8));
  }

  private static List<Header> headers(InputStream in) throws IOException {
    var headers = new ArrayList<Header>();
    for (var line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      if (colon <= 0 || headers.size() == LINES_MAX) {
        throw new ProtocolException("the head of the answer is not well formed");
      }
      headers.add(new Header(line.substring(0, colon), line.substring(colon + 1).strip()));
    }
    return headers;
  }

  private static byte[] body(InputStream in, Reply head) throws IOException {
    var coding = head.first("Transfer-Encoding").orElse("").toLowerCase(Locale.ROOT);
    if (coding.equals("chunked")) {
      return chunks(in);
    }
    var length = head.first("Content-Length");
    if (length.isPresent()) {
      return exactly(in, number(length.get(), 10));
    }
    var all = in.readNBytes(BODY_MAX + 1);
    return bounded(all.length) == all.length ? all : new byte[0];
  }

  private static byte[] chunks(InputStream in) throws IOException {
    var all = new ByteArrayOutputStream();
    while (true) {
      var size = line(in).split(";", 2)[0].strip();
      int length = number(size, 16);
      if (length == 0) {
        return all.toByteArray();
      }
      all.writeBytes(exactly(in, length));
      bounded(all.size());
      line(in);
    }
  }

  private static int number(String text, int radix) throws IOException {
    try {
      return bounded(Integer.parseUnsignedInt(text, radix));
    } catch (NumberFormatException e) {
      throw new ProtocolException("the answer has no length that can be read");
    }
  }

  private static int bounded(int length) throws IOException {
    if (length < 0 || length > BODY_MAX) {
      throw new ProtocolException("the answer is too long");
    }
    return length;
  }

  private static byte[] exactly(InputStream in, int length) throws IOException {
    var bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the answer ends early");
    }
    return bytes;
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0 || line.size() == LINE_MAX) {
        throw new EOFException(next < 0 ? "the connection broke" : "the answer is too long");
      }
      line.write(next);
    }
    return line.toString(ISO_8859_1).stripTrailing();
  }
}
