package io.prokura.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What is refused before anybody looks at who sent it is on record all the same: counted, by where
/// it went, why it was refused and where it came from.
final class UnreachedTest {
  private static final int SILENCE_MAX_MS = 10_000;

  private final TestServer server = TestServer.start();

  @AfterEach
  void end() {
    server.close();
  }

  /// Sends bytes on a connection of its own and returns the first line of the answer.
  private String send(String request) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.uri("").getPort())) {
      socket.setSoTimeout(SILENCE_MAX_MS);
      socket.getOutputStream().write(request.replace("\n", "\r\n").getBytes(ISO_8859_1));
      socket.getOutputStream().flush();
      var answer = new String(socket.getInputStream().readNBytes(12), ISO_8859_1);
      return answer.substring("HTTP/1.1 ".length());
    }
  }

  private void isCounted(String reason, String route) {
    Eventually.holds(
        "a request to " + route + " is on record",
        () -> {
          var answer = server.get("/api/v1/audit/" + reason, server.operatorToken());
          return answer.statusCode() == 200
              && answer.body().contains("\"type\":\"requests.refused\"")
              && answer.body().contains("\"route\":\"" + route + "\"");
        });
  }

  @Test
  void aBodyThatIsAnnouncedTooLong() throws IOException {
    assertThat(send("POST /oauth2/token HTTP/1.1\nHost: a\nContent-Length: 70000\n\n"))
        .isEqualTo("413");
    isCounted("payload-too-large", "/oauth2/token");
  }

  @Test
  void aBodyThatGrowsTooLong() throws IOException {
    assertThat(send("POST /oauth2/par HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n7fffffff\n"))
        .isEqualTo("413");
    isCounted("payload-too-large", "/oauth2/par");
  }

  @Test
  void aBodyThatSmugglesARequest() throws IOException {
    assertThat(
            send(
                """
                POST /oauth2/token HTTP/1.1
                Host: a
                Content-Length: 1
                Transfer-Encoding: chunked

                0

                """))
        .isEqualTo("400");
    isCounted("malformed-request", "/oauth2/token");
  }

  @Test
  void aPathThatCannotBeRead() throws IOException {
    assertThat(send("GET /api/v1/agents/%c3 HTTP/1.1\nHost: a\n\n")).isEqualTo("400");
    isCounted("malformed-request", "none");
  }

  @Test
  void whatIsNoHttp() throws IOException {
    assertThat(send("GET /health/live HTTP/1.1\nHost: a\nHost: b\n\n")).isEqualTo("400");
    isCounted("malformed-request", "/health/live");
  }
}
