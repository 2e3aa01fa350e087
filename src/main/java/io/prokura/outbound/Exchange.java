package io.prokura.outbound;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.outbound.Fetched.Failed;
import io.prokura.outbound.Fetched.Failure;
import io.prokura.outbound.ResponseReader.Unacceptable;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/// One request and its answer, over a connection of its own.
final class Exchange {
  private static final int ADDRESSES_MAX = 4;

  /// What is sent is written to a buffer of the system as a whole, so that no slow reader holds up
  /// the writing.
  private static final int SEND_BUFFER = 128 * 1024;

  private final Destination destination;
  private final Message message;
  private final Outbound.Reach reach;
  private final Resolver resolver;
  private final SSLSocketFactory tls;
  private final Allowance allowance;

  private boolean isOver;
  private @Nullable Socket open;

  Exchange(
      Destination destination,
      Message message,
      Outbound.Reach reach,
      Resolver resolver,
      SSLSocketFactory tls,
      Allowance allowance) {
    this.destination = destination;
    this.message = message;
    this.reach = reach;
    this.resolver = resolver;
    this.tls = tls;
    this.allowance = allowance;
  }

  /// What is sent, how much may come back, and which statuses count.
  record Message(
      String method, Map<String, String> headers, String text, int bytesMax, IntPredicate counts) {
    Message {
      headers = Map.copyOf(headers);
      headers.forEach(
          (name, value) -> {
            if (!(name + value).chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
              throw new IllegalArgumentException("no value of a header: " + name);
            }
          });
    }

    private String head(Destination destination) {
      var head = new StringBuilder();
      head.append(method).append(' ').append(destination.target()).append(" HTTP/1.1\r\n");
      head.append("Host: ").append(destination.authority()).append("\r\n");
      head.append("User-Agent: prokura\r\nAccept-Encoding: identity\r\nConnection: close\r\n");
      headers.forEach((name, value) -> head.append("%s: %s\r\n".formatted(name, value)));
      if (!method.equals("GET")) {
        head.append("Content-Length: ").append(text.getBytes(UTF_8).length).append("\r\n");
      }
      return head.append("\r\n").toString();
    }
  }

  /// Sends the request and reads the answer.
  Fetched run() {
    try {
      var addresses = addresses();
      if (addresses.isEmpty()) {
        return new Failed(Failure.UNREACHABLE, "the host has no address");
      }
      if (!addresses.stream().allMatch(this::mayBeReached)) {
        return new Failed(Failure.ADDRESS_REFUSED, "an address of the host is not a public one");
      }
      if (!allowance.take(addresses.getFirst().getHostAddress())) {
        return new Failed(Failure.BUSY, "too many requests to one address");
      }
      return answered(addresses);
    } catch (Unacceptable e) {
      return e.failed();
    } catch (SSLException e) {
      return new Failed(Failure.NOT_PROVEN, String.valueOf(e.getMessage()));
    } catch (UnknownHostException e) {
      return new Failed(Failure.UNREACHABLE, "the host has no address");
    } catch (IOException e) {
      return new Failed(Failure.UNREACHABLE, String.valueOf(e.getMessage()));
    } finally {
      end();
    }
  }

  private List<InetAddress> addresses() throws UnknownHostException {
    var literal = destination.literal();
    return literal.isPresent() ? List.of(literal.get()) : resolver.resolve(destination.host());
  }

  /// An address of this machine is reached by a server of this machine only; and without TLS
  /// nothing else is.
  private boolean mayBeReached(InetAddress address) {
    if (reach == Outbound.Reach.LOOPBACK_TOO && address.isLoopbackAddress()) {
      return true;
    }
    return destination.isSecure() && !SpecialAddresses.contain(address);
  }

  private Fetched answered(List<InetAddress> addresses) throws IOException, Unacceptable {
    var plain = connected(addresses);
    var socket = destination.isSecure() ? proven(plain) : plain;
    var out = socket.getOutputStream();
    out.write((message.head(destination) + message.text()).getBytes(UTF_8));
    out.flush();
    var in = new BufferedInputStream(socket.getInputStream());
    return new ResponseReader(in, message.bytesMax()).read(message.counts());
  }

  private Socket connected(List<InetAddress> addresses) throws IOException {
    var failure = new IOException("no address");
    for (var address : addresses.subList(0, Math.min(addresses.size(), ADDRESSES_MAX))) {
      var socket = new Socket(Proxy.NO_PROXY);
      adopt(socket);
      try {
        socket.setSendBufferSize(SEND_BUFFER);
        socket.connect(new InetSocketAddress(address, destination.port()));
        return socket;
      } catch (IOException e) {
        socket.close();
        failure = e;
      }
    }
    throw failure;
  }

  /// The connection once the server has proven to be the host that the URL names (RFC 9110 §4.3.4);
  /// the address that was resolved plays no part in that.
  private Socket proven(Socket plain) throws IOException {
    var socket =
        (SSLSocket) tls.createSocket(plain, destination.certified(), destination.port(), false);
    var parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private synchronized void adopt(Socket socket) throws IOException {
    if (isOver) {
      socket.close();
      throw new IOException("the time is over");
    }
    open = socket;
  }

  /// Closes the connection at once, from whatever thread; what waits on it fails.
  synchronized void end() {
    isOver = true;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        open = null;
      }
    }
  }
}
