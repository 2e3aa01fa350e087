package io.prokura.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
final class HttpServerTest {
  private final StagedServer staged = new StagedServer();

  @AfterEach
  void stop() {
    staged.close();
  }

  @Test
  void answersAnOrdinaryClientAndKeepsTheConnection() throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      var uri = URI.create("http://127.0.0.1:" + staged.port() + "/plain");
      for (int i = 0; i < 3; i++) {
        var request = HttpRequest.newBuilder(uri).build();
        var response = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("plain");
      }
    }
  }

  @Test
  void everyResponseForbidsStoringSniffingAndFraming() throws Exception {
    var answer = staged.get("/plain");
    assertThat(answer.header("cache-control")).isEqualTo("no-store");
    assertThat(answer.header("x-content-type-options")).isEqualTo("nosniff");
    assertThat(answer.header("referrer-policy")).isEqualTo("no-referrer");
    assertThat(answer.header("content-security-policy")).contains("frame-ancestors 'none'");
    assertThat(answer.header("content-length")).isEqualTo("5");
    assertThat(answer.headers()).doesNotContainKey("server");
  }

  @Test
  void aResponseMayRepeatHeadersAndChooseItsCachingAndContentPolicy() throws Exception {
    var answer = staged.get("/cookies");
    assertThat(answer.header("set-cookie")).isEqualTo("a=1 | b=2");
    assertThat(answer.header("cache-control")).isEqualTo("public, max-age=60");
    assertThat(answer.header("content-security-policy")).isEqualTo("default-src 'self'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"aB-1._x", "<b>", "a b", "urn:uuid:1/2+3=4", "#{[`~^]}|;,'"})
  void echoesARequestIdExactly(String id) throws Exception {
    var header = "X-Request-ID: " + id;
    assertThat(staged.get("/plain", header).header("x-request-id")).isEqualTo(id);
    var missing = staged.get("/nowhere", header);
    assertThat(missing.header("x-request-id")).isEqualTo(id);
    assertThat(missing.body()).contains("\"request_id\":\"" + id + "\"");
  }

  @Test
  void drawsARequestIdWhenTheCallersIsMissingOrNotFitForALog() throws Exception {
    var longest = "x".repeat(256);
    assertThat(staged.get("/plain", "X-Request-ID: " + longest).header("x-request-id"))
        .isEqualTo(longest);
    for (var header : List.of("X-Request-ID: x" + longest, "X-Request-ID: é", "X-Other: 1")) {
      assertThat(staged.get("/plain", header).header("x-request-id")).matches("[0-9a-f]{32}");
    }
  }

  @Test
  void drawsARequestIdWhenTwoAreSent() throws Exception {
    var answer = staged.get("/plain", "X-Request-ID: one", "X-Request-ID: two");
    assertThat(answer.header("x-request-id")).matches("[0-9a-f]{32}");
  }

  @Test
  void literalsWinOverParametersAndParametersAreDecoded() throws Exception {
    assertThat(staged.get("/agents/all").body()).isEqualTo("all of them");
    assertThat(staged.get("/agents/a%20b+c").body()).isEqualTo("a b+c");
    assertThat(staged.get("/tile/entries/x001/234.p/5").body()).isEqualTo("entries/x001/234.p/5");
    assertThat(staged.get("/peer").body()).isEqualTo("127.0.0.1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/plain/", "//plain", "/agents", "/agents/", "/Plain", "/%70lain"})
  void anUnknownPathIsAProblem(String path) throws Exception {
    var answer = staged.get(path);
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
    assertThat(answer.body()).contains("\"code\":\"not-found\"", "\"type\":\"/errors/not-found\"");
  }

  @Test
  void anotherMethodIsToldTheAllowedOnes() throws Exception {
    try (var wire = staged.wire()) {
      var answer = wire.send("PUT /agents/x HTTP/1.1\nHost: a\n\n").answer();
      assertThat(answer.status()).isEqualTo(405);
      assertThat(answer.header("allow")).isEqualTo("DELETE, GET, HEAD");
      assertThat(answer.body()).contains("method-not-allowed");
    }
  }

  @Test
  void headIsGetWithoutTheBody() throws Exception {
    try (var wire = staged.wire()) {
      var answer = wire.send("HEAD /plain HTTP/1.1\nHost: a\n\n").answer(false);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("content-length")).isEqualTo("5");
      assertThat(wire.send("GET /plain HTTP/1.1\nHost: a\n\n").answer().body()).isEqualTo("plain");
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws Exception {
    try (var wire = staged.wire()) {
      var size = "POST /size HTTP/1.1\nHost: a\nContent-Length: 3\n\nabc";
      wire.send(
          StagedServer.line("GET /agents/1")
              + StagedServer.line("DELETE /agents/2")
              + size
              + StagedServer.line("GET /plain"));
      assertThat(wire.answer().body()).isEqualTo("1");
      assertThat(wire.answer().status()).isEqualTo(204);
      assertThat(wire.answer().body()).isEqualTo("3");
      assertThat(wire.answer().body()).isEqualTo("plain");
    }
  }

  @Test
  void nothingFollowsARequestThatAskedToClose() throws Exception {
    try (var wire = staged.wire()) {
      var last = "GET /plain HTTP/1.1\nHost: a\nConnection: close\n\n";
      wire.send(last + StagedServer.line("GET /plain"));
      assertThat(wire.answer().header("connection")).isEqualTo("close");
      assertThat(wire.closed()).isTrue();
    }
  }

  @Test
  void anOutageIsTemporaryAndSaysNothingAboutItsCause() throws Exception {
    var answer = staged.get("/outage");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("retry-after")).isEqualTo("1");
    assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
    assertThat(answer.body()).contains("\"code\":\"outage\"").doesNotContain("10.0.0.7");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/bug", "/deep", "/full"})
  void aBugIsAnsweredWithoutDetailAndTheConnectionGoesOn(String path) throws Exception {
    try (var wire = staged.wire()) {
      var answer = wire.send("GET " + path + " HTTP/1.1\nHost: a\n\n").answer();
      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.body())
          .contains("\"code\":\"internal-error\"")
          .doesNotContain("secret", "Exception", "Error\"", "staged");
      assertThat(wire.send("GET /plain HTTP/1.1\nHost: a\n\n").answer().status()).isEqualTo(200);
    }
  }

  @Test
  void beyondTheBoundOfConcurrencyTheAnswerIsToComeAgain() throws Exception {
    try (var narrow = new StagedServer(Around.NOTHING, StagedServer.options(1, 300));
        var first = narrow.wire();
        var second = narrow.wire()) {
      first.send("GET /slow HTTP/1.1\nHost: a\n\n");
      narrow.awaitSlow();
      var answer = second.send("GET /plain HTTP/1.1\nHost: a\n\n").answer();
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.header("retry-after")).isEqualTo("1");
      for (int i = 0; i < 3; i++) {
        assertThat(second.send("GET /vital HTTP/1.1\nHost: a\n\n").answer().body())
            .as("always admitted")
            .isEqualTo("vital");
      }
      narrow.releaseSlow();
      assertThat(first.answer().body()).isEqualTo("slow but sure");
      assertThat(second.send("GET /plain HTTP/1.1\nHost: a\n\n").answer().status()).isEqualTo(200);
    }
  }

  @Test
  void aVerbMayTakeLongerThanTheBoundsOfTheWire() throws Exception {
    try (var wire = staged.wire()) {
      wire.send("GET /slow HTTP/1.1\nHost: a\n\n");
      staged.awaitSlow();
      Thread.sleep(600);
      staged.releaseSlow();
      assertThat(wire.answer().body()).isEqualTo("slow but sure");
    }
  }

  @Test
  void stoppingLetsARequestInProgressFinishAndClosesTheRest() throws Exception {
    try (var busy = staged.wire();
        var idle = staged.wire()) {
      assertThat(idle.send("GET /plain HTTP/1.1\nHost: a\n\n").answer().status()).isEqualTo(200);
      busy.send("GET /slow HTTP/1.1\nHost: a\n\n");
      staged.awaitSlow();
      var stopping = CompletableFuture.runAsync(staged.server()::stop);
      assertThat(idle.closed()).isTrue();
      assertThat(stopping).isNotDone();
      staged.releaseSlow();
      var answer = busy.answer();
      assertThat(answer.body()).isEqualTo("slow but sure");
      assertThat(answer.header("connection")).isEqualTo("close");
      assertThat(busy.closed()).isTrue();
      stopping.get(10, TimeUnit.SECONDS);
      assertThatThrownBy(() -> new Wire(staged.port()).close()).isInstanceOf(Exception.class);
    }
  }

  @Test
  void theApplicationStandsAroundEveryVerbAndItsFailuresAreCaughtToo() throws Exception {
    var seen = new ArrayList<String>();
    var api = new ProtectedResource("http://localhost", "/api", "API", "read", List.of("read"));
    Around around =
        (route, request, verb) -> {
          seen.add(route.path());
          if (route.path().equals("/bug")) {
            throw new IllegalStateException("secret");
          }
          if (route.path().equals("/peer")) {
            var refused = new Result.Refused<>(Refusal.TOKEN_INVALID, "no token");
            return api.problem(request, refused);
          }
          return verb.answer(request);
        };
    try (var wrapped = new StagedServer(around, StagedServer.options(8, 300));
        var wire = wrapped.wire()) {
      assertThat(wire.send("GET /plain HTTP/1.1\nHost: a\n\n").answer().body()).isEqualTo("plain");
      assertThat(wire.send("GET /bug HTTP/1.1\nHost: a\n\n").answer().status()).isEqualTo(500);
      var refused = wire.send("GET /peer HTTP/1.1\nHost: a\n\n").answer();
      assertThat(refused.status()).isEqualTo(401);
      assertThat(refused.header("www-authenticate"))
          .startsWith("Bearer realm=\"prokura\", scope=\"read\", resource_metadata=")
          .contains(" | DPoP realm=\"prokura\"", "algs=\"ES256 EdDSA PS256 RS256\"");
    }
    assertThat(seen).containsExactly("/plain", "/bug", "/peer");
  }

  @Test
  void requestsAreMeasuredByTemplateAndNotByWhatCallersSend() throws Exception {
    staged.get("/agents/one");
    staged.get("/agents/two");
    staged.get("/nowhere/secret");
    var text = staged.metrics().exposition().bodyText();
    assertThat(text)
        .contains(
            "http_requests_total{method=\"GET\",route=\"/agents/{id}\",status=\"2xx\"} 2.0",
            "http_requests_total{method=\"any\",route=\"none\",status=\"4xx\"} 1.0",
            "http_request_duration_seconds_count{method=\"GET\",route=\"/agents/{id}\"} 2")
        .doesNotContain("secret", "agents/one");
  }

  @Test
  void aTableThatContradictsItselfIsAMistake() {
    var twice =
        List.of(
            StagedServer.route("GET", "/a", r -> Response.empty(204)),
            StagedServer.route("GET", "/a", r -> Response.empty(204)));
    var renamed =
        List.of(
            StagedServer.route("GET", "/a/{x}", r -> Response.empty(204)),
            StagedServer.route("POST", "/a/{y}", r -> Response.empty(204)));
    for (var table : List.of(twice, renamed)) {
      assertThatThrownBy(() -> new RouteTable(table, new Metrics()))
          .isInstanceOf(IllegalArgumentException.class);
    }
    for (var path : List.of("a", "/a//b", "/a/", "/{}", "/{a}/{a}", "/{a...}/b", "/x{a}")) {
      assertThatThrownBy(() -> StagedServer.route("GET", path, r -> Response.empty(204)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
