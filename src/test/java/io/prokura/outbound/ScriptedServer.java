package io.prokura.outbound;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ServerSocketFactory;

/// A server on this machine that answers every request with whatever it is told to, right or wrong.
final class ScriptedServer implements AutoCloseable {
  private final ServerSocket server;
  private final Script script;
  private final List<String> requests = new CopyOnWriteArrayList<>();

  /// Answers one request on its connection.
  @FunctionalInterface
  interface Script {
    void answer(Socket socket, OutputStream out) throws IOException;
  }

  ScriptedServer(ServerSocketFactory sockets, Script script) {
    this.script = script;
    try {
      server = sockets.createServerSocket(0, 16, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::serve);
  }

  /// Answers with `text`.
  static Script text(String text) {
    return (_, out) -> out.write(text.getBytes(ISO_8859_1));
  }

  int port() {
    return server.getLocalPort();
  }

  /// The heads of all requests that came, each with what had come of the content by then.
  List<String> requests() {
    return requests;
  }

  private void serve() {
    while (!server.isClosed()) {
      try {
        var socket = server.accept();
        Thread.ofVirtual().start(() -> answer(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void answer(Socket socket) {
    try (socket) {
      requests.add(request(socket.getInputStream()));
      script.answer(socket, socket.getOutputStream());
      socket.getOutputStream().flush();
      socket.shutdownOutput();
    } catch (SocketException e) {
      // The other side has had enough.
    } catch (IOException e) {
      // As above, by way of TLS.
    }
  }

  private static String request(InputStream in) throws IOException {
    var text = new StringBuilder();
    while (text.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("no request");
      }
      text.append((char) next);
    }
    var length = text.toString().split("Content-Length: ", 2);
    int count = length.length < 2 ? 0 : Integer.parseInt(length[1].split("\r\n", 2)[0]);
    return text + new String(in.readNBytes(count), ISO_8859_1);
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
