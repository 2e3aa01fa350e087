package io.prokura.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;

/// The server's Unix socket, which only the server's own user can open, seen from outside.
public final class AdminDoor {
  private static final Duration ANSWER_MAX = Duration.ofSeconds(10);
  private static final int LINE_MAX = 64 * 1024;

  private AdminDoor() {}

  /// What the server hands to whoever may open its socket.
  ///
  /// @param expiresIn seconds until the token expires
  public record Given(String accessToken, String issuer, long expiresIn) {
    @Override
    public String toString() {
      return "a token of " + issuer;
    }
  }

  /// Asks the server with the data folder `data` for an administrator's token. Throws [Failure]
  /// when nobody answers there, and when the server gives none.
  public static Given ask(Path data) {
    return given(said(data, "token", ANSWER_MAX));
  }

  /// The same for another person, named by id or user name.
  public static Given askFor(Path data, String whom) {
    return given(said(data, "token-for " + whom, ANSWER_MAX));
  }

  /// What the server with the data folder `data` answers to a line within `max`. Throws [Failure]
  /// when nobody answers there, and with what the server says where it refuses.
  static Json.Obj said(Path data, String said, Duration max) {
    var file = data.resolve("admin.sock");
    try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        var selector = Selector.open()) {
      channel.connect(UnixDomainSocketAddress.of(file));
      var bytes = ByteBuffer.wrap((said + "\n").getBytes(UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ);
      var answer = Answer.read(line(channel, selector, max)).orElseGet(() -> Json.object().build());
      if (answer.text("error").isPresent()) {
        throw Failure.refused(
            answer.text("detail").orElse("the server does not understand; it is another version"));
      }
      return answer;
    } catch (IOException | IllegalArgumentException e) {
      throw Failure.unreachable(
          "no server answers at "
              + file
              + "; start one, name its folder with --data, or give --server and --token");
    }
  }

  private static Given given(Json.Obj answer) {
    var token = answer.text("access_token");
    var issuer = answer.text("issuer");
    if (token.isEmpty() || issuer.isEmpty()) {
      throw Failure.refused("the server gave no token over its socket");
    }
    return new Given(token.get(), issuer.get(), answer.number("expires_in").orElse(0L));
  }

  private static byte[] line(SocketChannel channel, Selector selector, Duration max)
      throws IOException {
    long end = System.nanoTime() + max.toNanos();
    var line = new ByteArrayOutputStream();
    var buffer = ByteBuffer.allocate(4096);
    while (line.size() < LINE_MAX) {
      long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
      if (left <= 0 || selector.select(left) == 0) {
        throw new IOException("no answer in time");
      }
      selector.selectedKeys().clear();
      int count = channel.read(buffer.clear());
      if (count < 0) {
        break;
      }
      line.write(buffer.array(), 0, count);
      if (buffer.get(count - 1) == '\n') {
        break;
      }
    }
    return line.toByteArray();
  }
}
