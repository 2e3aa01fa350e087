package io.prokura.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prokura.kernel.World;
import io.prokura.sql.TestDatabases;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// An application is told that Erin has answered, at its registered address and nowhere else
/// (OpenID Connect CIBA Core §10.2).
final class PingTest {
  private static final String TOKEN = "8d67dc78-7faa-4d41-aabd-67707b374255";

  private final Instant began = Instant.now();
  private final AtomicReference<Duration> passed = new AtomicReference<>(Duration.ZERO);
  private final World world = new World(() -> began.plus(passed.get()), new SecureRandom());
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final AtomicReference<Integer> status = new AtomicReference<>(204);
  private final CountDownLatch hanging = new CountDownLatch(1);
  private HttpServer application;
  private Company company;
  private Person erin;
  private Backchannel flow;

  @BeforeEach
  void found() throws IOException {
    application = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    application.createContext("/", this::answer);
    application.start();
    company = Company.found(TestDatabases.sqlite(), world);
    erin = Person.of(company.server, began);
    company.known("erin", erin.id);
    company.permit("erin", "crm", "['tickets.read']", "own");
    flow = new Backchannel(company, erin.browser);
    company.make(
        "told",
        "clients",
        """
        {'name': 'told', 'everything': true,
         'backchannelClientNotificationEndpoint': 'http://127.0.0.1:%d/asked'}
        """
            .formatted(application.getAddress().getPort()));
    company.secret("told", "clients");
  }

  @AfterEach
  void close() {
    hanging.countDown();
    company.close();
    application.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      told.add(
          exchange.getRequestMethod()
              + " "
              + exchange.getRequestURI()
              + " "
              + exchange.getRequestHeaders().getFirst("Authorization")
              + " "
              + body);
      if (status.get() == 0) {
        hanging.await();
      }
      exchange.getResponseHeaders().set("Location", "/elsewhere");
      exchange.sendResponseHeaders(Math.max(status.get(), 204), -1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String asked() {
    return flow.asked("told", "client_notification_token", TOKEN);
  }

  private static String message(String request) {
    return "POST /asked Bearer " + TOKEN + " {\"auth_req_id\":\"" + request + "\"}";
  }

  @Test
  void anApplicationIsToldOfEitherAnswerOnceAndPollsAtOnce() {
    var allowed = asked();
    assertThat(flow.error(flow.poll("told", allowed))).isEqualTo("authorization_pending");
    assertThat(told).isEmpty();
    flow.allow("tickets.read");
    Eventually.holds("the message", () -> told.contains(message(allowed)));
    assertThat(flow.poll("told", allowed).statusCode()).isEqualTo(200);
    var denied = asked();
    flow.decide(flow.waiting().getFirst(), "deny");
    Eventually.holds("the message", () -> told.contains(message(denied)));
    assertThat(flow.error(flow.poll("told", denied))).isEqualTo("access_denied");
    passed.set(Duration.ofHours(1));
    Eventually.holds("a node that follows the clock", company.server::ready);
    assertThat(told).as("each once").hasSize(2);
  }

  @Test
  void whoIsToBeToldHasToSayByWhat() {
    for (var token : List.of("", "two words", "x\u00e4", "x".repeat(1025), "a\r\nHost: evil")) {
      assertThat(flow.error(flow.ask("told", "client_notification_token", token)))
          .as(token)
          .isEqualTo("invalid_request");
    }
    var request = flow.asked("triage", "client_notification_token", TOKEN);
    flow.allow("tickets.read");
    assertThat(flow.poll("triage", request).statusCode()).isEqualTo(200);
    assertThat(told).as("an agent has no address").isEmpty();
  }

  @Test
  void anApplicationThatHangsKeepsNobodyWaiting() {
    status.set(0);
    var request = asked();
    flow.allow("tickets.read");
    Eventually.holds("the message", () -> told.size() == 1);
    assertThat(flow.poll("told", request).statusCode()).isEqualTo(200);
  }

  @Test
  void aRedirectIsNotFollowedAndTriesAreFew() {
    status.set(302);
    asked();
    flow.allow("tickets.read");
    for (int i = 1; i <= 4; i++) {
      int tries = i;
      Eventually.holds("try " + i, () -> told.size() == tries);
      passed.updateAndGet(before -> before.plus(Duration.ofMinutes(2)));
    }
    Eventually.holds("a node that follows the clock", company.server::ready);
    Eventually.holds("an entry", () -> types().contains("request.unnotified"));
    assertThat(told).allMatch(one -> one.startsWith("POST /asked "));
    assertThat(types()).doesNotContain(TOKEN);
  }

  private String types() {
    return company.server.get("/api/v1/audit?limit=20", company.server.operatorToken()).body();
  }

  @Test
  void anAddressOfAnotherNetworkIsNotRegistered() {
    for (var uri :
        List.of("http://10.0.0.1/x", "http://crm.example/x", "app.example:/x", "file:///etc/x")) {
      var body =
          company.json(
              "{'name': 'x', 'everything': true, 'backchannelClientNotificationEndpoint': '"
                  + uri
                  + "'}");
      var answer =
          company.server.send("POST", "/api/v1/clients", company.token, Map.of(), body.toText());
      assertThat(answer.statusCode()).as(uri).isEqualTo(400);
    }
  }
}
