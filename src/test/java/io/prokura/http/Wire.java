package io.prokura.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// A bare socket to a server under test, which sends exactly the bytes it is given.
final class Wire implements AutoCloseable {
  private static final int TIMEOUT_MS = 10_000;

  /// One answer; header names in lower case.
  record Answer(int status, Map<String, String> headers, String body) {
    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  private final Socket socket;
  private final InputStream in;

  Wire(int port) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  /// The same over a socket that is connected already.
  Wire(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(TIMEOUT_MS);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /// Sends text, with `\n` written for CRLF.
  Wire send(String text) throws IOException {
    return sendExactly(text.replace("\n", "\r\n"));
  }

  Wire sendExactly(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  void endOutput() throws IOException {
    socket.shutdownOutput();
  }

  Answer answer() throws IOException {
    return answer(true);
  }

  /// Reads one answer; without its body for an answer to HEAD.
  Answer answer(boolean withBody) throws IOException {
    var status = line();
    var headers = new TreeMap<String, String>();
    for (var line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      var name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      headers.merge(name, line.substring(colon + 1).strip(), (a, b) -> a + " | " + b);
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    var body = withBody ? new String(in.readNBytes(length), StandardCharsets.UTF_8) : "";
    return new Answer(Integer.parseInt(status.split(" ", -1)[1]), headers, body);
  }

  private String line() throws IOException {
    var out = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException("closed after: " + out.toString(StandardCharsets.UTF_8));
      }
      if (b != '\r') {
        out.write(b);
      }
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  /// How many bytes still come before the connection ends.
  int rest() {
    int count = 0;
    try {
      var buffer = new byte[64 * 1024];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        count += n;
      }
    } catch (IOException e) {
      // Reset or silent: nothing more comes.
      return count;
    }
    return count;
  }

  /// Whether the server closed the connection; waits for it.
  boolean closed() {
    try {
      return in.read() < 0;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
