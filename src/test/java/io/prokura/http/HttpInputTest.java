package io.prokura.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prokura.kernel.Limits;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
final class HttpInputTest {
  private final StagedServer staged = new StagedServer();

  @AfterEach
  void stop() {
    staged.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../plain",
        "/agents/..",
        "/agents/%2e%2e",
        "/agents/.%2E",
        "/agents/a%2Fb",
        "/agents/a%5cb",
        "/agents/%00",
        "/agents/%0d%0a",
        "/agents/%",
        "/agents/%4",
        "/agents/%zz",
        "/agents/%c3",
        "/agents/<script>",
        "plain",
        "*"
      })
  void aMalformedPathIsRefusedWithoutRepeatingIt(String path) throws Exception {
    assertMalformed(staged.get(path, "X-Request-ID: known"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense\n\n",
        "GET /plain\n\n",
        "GET  /plain HTTP/1.1\nHost: a\n\n",
        "GET /plain HTTP/9.9\nHost: a\n\n",
        "GET /plain HTTP/1.1\n\n",
        "GET /plain HTTP/1.1\nHost: a\nHost: b\n\n",
        "GET /plain HTTP/1.1\nHost: a\nno colon\n\n",
        "GET /plain HTTP/1.1\nHost: a\nBad Name: x\n\n",
        "GET /plain HTTP/1.1\nHost: a\n folded\n\n",
        "GET /plain?a=<script> HTTP/1.1\nHost: a\n\n",
        "POST /size HTTP/1.1\nHost: a\nContent-Length: x\n\n",
        "POST /size HTTP/1.1\nHost: a\nContent-Length: -1\n\n",
        "POST /size HTTP/1.1\nHost: a\nContent-Length: 1\nContent-Length: 2\n\nab",
        "POST /size HTTP/1.1\nHost: a\nContent-Length: 1\nTransfer-Encoding: chunked\n\n0\n\n",
        "POST /size HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\nzz\nab\n0\n\n",
        "POST /size HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n-1\nab\n0\n\n",
        "POST /size HTTP/1.1\nHost: a\nTransfer-Encoding: identity\n\nab"
      })
  void aMalformedRequestIsRefusedAndTheConnectionCloses(String text) throws Exception {
    try (var wire = staged.wire()) {
      assertMalformed(wire.send(text).answer());
      wire.endOutput();
      assertThat(wire.closed()).isTrue();
    }
    assertThat(staged.unreached)
        .singleElement()
        .asString()
        .endsWith(" malformed-request 127.0.0.1");
  }

  @Test
  void bareLineFeedsAreRefused() throws Exception {
    try (var wire = staged.wire()) {
      assertMalformed(wire.sendExactly("GET /plain HTTP/1.1\nHost: a\n\n").answer());
    }
  }

  @Test
  void otherVersionsOfHttpAreRefused() throws Exception {
    try (var wire = staged.wire()) {
      var answer = wire.send("GET /plain HTTP/1.0\nHost: a\n\n").answer();
      assertThat(answer.status()).isEqualTo(505);
      assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
    }
  }

  @Test
  void overlongHeadersAndRequestLinesAreRefused() throws Exception {
    var headers = staged.get("/plain", "X-Long: " + "a".repeat(5_000));
    assertThat(headers.status()).isBetween(400, 431);
    assertThat(headers.body()).doesNotContain("aaaa").contains("malformed-request");
    var line = staged.get("/" + "a".repeat(5_000));
    assertThat(line.status()).isEqualTo(414);
    assertThat(line.body()).doesNotContain("aaaa").contains("malformed-request");
  }

  private static void assertMalformed(Wire.Answer answer) {
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
    assertThat(answer.header("x-request-id")).isNotEmpty();
    assertThat(answer.body())
        .contains("\"code\":\"malformed-request\"")
        .doesNotContain("script", "%", "..", "Exception", "helidon", "zz");
  }

  @Test
  void formsAreReadStrictly() throws Exception {
    var type = "application/x-www-form-urlencoded";
    assertThat(staged.post("/form", type, "a=1&b=&c=%C3%A4+x&resource=1&resource=2").body())
        .isEqualTo("[a, c, resource] [1, 2]");
    assertThat(staged.post("/form", type + "; charset=UTF-8", "a=1").status()).isEqualTo(200);
    assertRefused(staged.post("/form", "application/json", "a=1"), "content type");
    assertRefused(staged.post("/form", type + "; charset=latin1", "a=1"), "content type");
    assertRefused(staged.post("/form", type, "a=1&a=2"), "parameter a is given more than once");
    assertRefused(staged.post("/form", type, "a=&a=2"), "parameter a is given more than once");
    assertRefused(staged.post("/form", type, "%3Cb%3E=1&%3Cb%3E=2"), "the parameter is given more");
    assertRefused(staged.post("/form", type, "a=%zz"), "percent-encoded");
    assertRefused(staged.post("/form", type, "a=%4"), "percent-encoded");
    assertRefused(staged.post("/form", type, "a=%ff"), "percent-encoded");
    assertRefused(staged.post("/form", type, "a=1&".repeat(80)), "more than once");
    var many = new ArrayList<String>();
    for (int i = 0; i < 65; i++) {
      many.add("p" + i + "=1");
    }
    assertRefused(staged.post("/form", type, String.join("&", many)), "more than 64 parameters");
  }

  private static void assertRefused(Wire.Answer answer, String detail) {
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.header("content-type")).isEqualTo("application/json");
    assertThat(answer.body()).contains("\"error\":\"invalid_request\"").contains(detail);
  }

  @Test
  void jsonIsReadStrictly() throws Exception {
    var type = "application/json";
    assertThat(staged.post("/json", type, "{\"a\":[1]}").body()).isEqualTo("{\"a\":[1]}");
    assertThat(staged.post("/json", type + ";charset=utf-8", "{}").status()).isEqualTo(200);
    for (var bad : List.of("", "[]", "{", "{\"a\":1,\"a\":2}", "{} {}")) {
      assertThat(staged.post("/json", type, bad).status()).isEqualTo(400);
    }
    assertThat(staged.post("/json", "text/plain", "{}").status()).isEqualTo(400);
    assertThat(staged.post("/json", type + "; charset=utf-16", "{}").status()).isEqualTo(400);
    var deep =
        staged.post("/json", type, "{\"a\":" + "[".repeat(30_000) + "]".repeat(30_000) + "}");
    assertThat(deep.status()).isEqualTo(400);
    assertThat(deep.body()).contains("malformed-request");
  }

  @Test
  void aBodyOfExactlyTheBoundIsTaken() throws Exception {
    int max = Limits.standard().bodyMax();
    assertThat(staged.post("/size", "text/plain", "x".repeat(max)).body()).isEqualTo("" + max);
  }

  @Test
  void aTooLargeLengthIsRefusedAndTheAnswerArrivesAlthoughTheBodyIsSent() throws Exception {
    var answer = staged.post("/size", "text/plain", "x".repeat(1_000_000));
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.header("connection")).isEqualTo("close");
    assertThat(answer.body()).contains("\"code\":\"payload-too-large\"");
    assertThat(staged.unreached).containsOnlyOnce("/size payload-too-large 127.0.0.1");
  }

  @Test
  void aTooLargeChunkedBodyIsRefusedWhereverItPassesTheBound() throws Exception {
    var chunked = "POST /size HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n";
    for (var size : List.of("7fffffff", "10001", "ffff\r\n" + "x".repeat(0xffff) + "\r\n10")) {
      try (var wire = staged.wire()) {
        var answer = wire.send(chunked).sendExactly(size + "\r\n").answer();
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.body()).contains("payload-too-large");
        wire.endOutput();
        assertThat(wire.closed()).isTrue();
        assertThat(staged.unreached).contains("/size payload-too-large 127.0.0.1");
      }
      staged.unreached.clear();
    }
  }

  @Test
  void aChunkedBodyIsReadToItsEnd() throws Exception {
    try (var wire = staged.wire()) {
      wire.send("POST /size HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n");
      assertThat(wire.send("3\nabc\n2\nde\n0\n\n").answer().body()).isEqualTo("5");
      assertThat(wire.send("GET /plain HTTP/1.1\nHost: a\n\n").answer().body()).isEqualTo("plain");
    }
  }

  @Test
  void anEndlessChunkLineEndsTheConnection() throws Exception {
    try (var wire = staged.wire()) {
      wire.send("POST /size HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n");
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 1_000; i++) {
                  wire.sendExactly("1".repeat(64 * 1024));
                }
                wire.answer();
              })
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void waitsForContinueBeforeItReadsAnAnnouncedBody() throws Exception {
    try (var wire = staged.wire()) {
      wire.send("POST /size HTTP/1.1\nHost: a\nExpect: 100-continue\nContent-Length: 2\n\n");
      assertThat(wire.answer().status()).isEqualTo(100);
      assertThat(wire.sendExactly("ab").answer().body()).isEqualTo("2");
    }
  }

  @Test
  void aBodyShorterThanItsLengthNeverReachesAVerb() throws Exception {
    try (var wire = staged.wire()) {
      wire.send("POST /size HTTP/1.1\nHost: a\nContent-Length: 10\n\nabc");
      wire.endOutput();
      assertThat(wire.closed()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /pla",
        "GET /plain HTTP/1.1\nHost: a\nX-Slow: ",
        "POST /size HTTP/1.1\nHost: a\nContent-Length: 10\n\nabc",
        "POST /size HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n5\nab"
      })
  void aRequestThatDripsIsClosedAtItsBound(String start) throws Exception {
    try (var wire = staged.wire()) {
      wire.send(start);
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 400; i++) {
                  Thread.sleep(25);
                  wire.sendExactly("1");
                }
              })
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void aPeerThatDoesNotReadItsAnswerIsClosedAtItsBound() throws Exception {
    // The bound has to outlast a pause of this process between sending the head and reading it.
    var bound = Duration.ofSeconds(3);
    try (var other = new StagedServer(Around.NOTHING, StagedServer.sendingFor(bound));
        var wire = other.wire()) {
      wire.send("GET /huge HTTP/1.1\nHost: a\n\n");
      var answer = wire.answer(false);
      assertThat(answer.header("content-length")).isEqualTo("" + StagedServer.HUGE);
      Thread.sleep(bound.plusMillis(700));
      assertThat(wire.rest()).isLessThan(StagedServer.HUGE);
    }
  }

  @Test
  void anIdleConnectionIsClosedAtItsBound() throws Exception {
    var bounds = StagedServer.options(8, 300);
    var idle =
        new HttpServer.Options(
            bounds.host(),
            0,
            bounds.limits(),
            8,
            8,
            4096,
            bounds.receiveMax(),
            bounds.sendMax(),
            Duration.ofMillis(200),
            bounds.crowdedMax(),
            bounds.drainMax(),
            bounds.tls(),
            bounds.proxies(),
            Optional.empty());
    try (var other = new StagedServer(Around.NOTHING, idle);
        var silent = other.wire();
        var used = other.wire()) {
      assertThat(used.send("GET /plain HTTP/1.1\nHost: a\n\n").answer().status()).isEqualTo(200);
      assertThat(silent.closed()).isTrue();
      assertThat(used.closed()).isTrue();
    }
  }

  /// More than three quarters of all connections: whoever does nothing has to go, and whoever works
  /// does not notice.
  @Test
  void closesIdleConnectionsInACrowdOnly() throws Exception {
    var crowded = crowded(8);
    try (var other = new StagedServer(Around.NOTHING, crowded);
        var used = other.wire()) {
      var few = new ArrayList<Wire>();
      for (int i = 0; i < 5; i++) {
        few.add(other.wire());
      }
      work(used, crowded.crowdedMax().multipliedBy(3));
      for (var one : few) {
        work(one, Duration.ZERO);
      }
      few.add(other.wire());
      work(used, crowded.crowdedMax().multipliedBy(3));
      assertThat(few).anyMatch(Wire::closed);
    }
  }

  /// Sends one request after the other, which are all answered.
  private static void work(Wire wire, Duration during) throws IOException {
    long until = System.nanoTime() + during.toNanos();
    do {
      var answer = wire.send("GET /plain HTTP/1.1\nHost: a\n\n").answer();
      assertThat(answer.status()).isEqualTo(200);
    } while (System.nanoTime() < until);
  }

  private static HttpServer.Options crowded(int connectionsMax) {
    var bounds = StagedServer.options(8, 300);
    return new HttpServer.Options(
        bounds.host(),
        0,
        bounds.limits(),
        8,
        connectionsMax,
        4096,
        bounds.receiveMax(),
        bounds.sendMax(),
        bounds.idleMax(),
        bounds.crowdedMax(),
        bounds.drainMax(),
        bounds.tls(),
        bounds.proxies(),
        Optional.empty());
  }
}
