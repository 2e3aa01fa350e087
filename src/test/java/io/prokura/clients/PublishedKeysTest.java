package io.prokura.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prokura.app.Eventually;
import io.prokura.jose.Algorithm;
import io.prokura.jose.Crypto;
import io.prokura.jose.JwkSet;
import io.prokura.jose.SigningKey;
import io.prokura.jose.VerificationKey;
import io.prokura.kernel.World;
import io.prokura.outbound.Outbound.Reach;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Keys at URLs of clients: how long they count, how often they are asked for, and servers that
/// answer with what should not count.
final class PublishedKeysTest {
  private static final String JSON = "application/json";

  /// What the server answers.
  private record Served(int status, String type, String location, String body) {}

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
  private final World world = new World(now::get, new SecureRandom());
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicReference<Served> served = new AtomicReference<>();
  private final AtomicReference<CountDownLatch> gate = new AtomicReference<>(new CountDownLatch(0));
  private final PublishedKeys keys = TestClientKeys.published(world);
  private HttpServer server;
  private String uri;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
    uri = "http://127.0.0.1:" + server.getAddress().getPort() + "/jwks";
  }

  @AfterEach
  void stop() {
    gate.get().countDown();
    server.stop(0);
  }

  private void answer(HttpExchange exchange) {
    asked.incrementAndGet();
    var answer = served.get();
    try (exchange) {
      gate.get().await();
      exchange.getResponseHeaders().set("Content-Type", answer.type());
      if (!answer.location().isEmpty()) {
        exchange.getResponseHeaders().set("Location", answer.location());
      }
      var body = answer.body().getBytes(UTF_8);
      exchange.sendResponseHeaders(answer.status(), body.length);
      exchange.getResponseBody().write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(String body) {
    served.set(new Served(200, JSON, "", body));
  }

  private void fail() {
    served.set(new Served(500, JSON, "", "{}"));
  }

  private static String set(List<VerificationKey> some) {
    return new JwkSet(some).toJson().toText();
  }

  /// Publishes a new key alone.
  private VerificationKey publish() {
    var key = key();
    serve(set(List.of(key)));
    return key;
  }

  private VerificationKey key() {
    return SigningKey.generate(Crypto.jdk(), world, Algorithm.ES256).verificationKey();
  }

  private void later(Duration time) {
    now.updateAndGet(before -> before.plus(time));
  }

  private static List<String> names(List<VerificationKey> some) {
    return some.stream().map(VerificationKey::thumbprint).toList();
  }

  private void assertPublished(List<VerificationKey> found, VerificationKey... expected) {
    assertThat(names(found)).isEqualTo(names(List.of(expected)));
  }

  @Test
  void whatWasFetchedCountsForTenMinutes() {
    var first = publish();
    assertPublished(keys.at(uri), first);
    later(Duration.ofMinutes(10).minusMillis(1));
    var second = publish();
    assertPublished(keys.at(uri), first);
    assertThat(asked).hasValue(1);
    later(Duration.ofMillis(1));
    assertPublished(keys.at(uri), second);
  }

  @Test
  void newerKeysAreFetchedEarlyButNotAgainAndAgain() {
    publish();
    keys.at(uri);
    var second = publish();
    for (int i = 0; i < 20; i++) {
      assertThat(names(keys.newest(uri))).doesNotContain(second.thumbprint());
    }
    assertThat(asked).hasValue(1);
    later(Duration.ofSeconds(30));
    assertPublished(keys.newest(uri), second);
    assertPublished(keys.newest(uri), second);
    assertThat(asked).hasValue(2);
  }

  @Test
  void aServerThatFailsIsNotAskedAgainAndAgain() {
    fail();
    for (int i = 0; i < 20; i++) {
      assertThat(keys.at(uri)).isEmpty();
      assertThat(keys.newest(uri)).isEmpty();
    }
    assertThat(asked).hasValue(1);
  }

  @Test
  void keysOutliveAnOutageButNotForEver() {
    var key = publish();
    keys.at(uri);
    fail();
    later(Duration.ofHours(4).minusMillis(1));
    assertPublished(keys.at(uri), key);
    assertPublished(keys.newest(uri), key);
    later(Duration.ofMillis(1));
    assertThat(keys.at(uri)).isEmpty();
    later(Duration.ofHours(1));
    assertThat(keys.newest(uri)).as("nor do they come back").isEmpty();
  }

  @Test
  void whatGoesUpAndDownKeepsTheLastThatWasGood() {
    var first = publish();
    keys.at(uri);
    for (var bad : List.of("", "[]", "{'keys':", "{\"keys\":[7]}")) {
      serve(bad);
      later(Duration.ofMinutes(11));
      assertPublished(keys.at(uri), first);
    }
    var second = publish();
    later(Duration.ofMinutes(11));
    assertPublished(keys.at(uri), second);
  }

  @Test
  void anEmptySetWithdrawsAllKeys() {
    publish();
    keys.at(uri);
    serve(set(List.of()));
    later(Duration.ofMinutes(10));
    assertThat(keys.at(uri)).isEmpty();
  }

  @Test
  void whatIsNoKeySetOfAClientCountsForNothing() {
    var good = set(List.of(key()));
    var eleven = IntStream.range(0, 11).mapToObj(_ -> key()).toList();
    var secret = "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}";
    var huge = good.substring(0, good.length() - 1) + ",\"x\":\"" + "y".repeat(33_000) + "\"}";
    var all =
        List.of(
            new Served(200, "text/html", "", good),
            new Served(200, "application/jwt", "", good),
            new Served(404, JSON, "", good),
            new Served(302, JSON, uri + "/other", good),
            new Served(200, JSON, "", set(eleven)),
            new Served(200, JSON, "", secret),
            new Served(200, JSON, "", huge));
    for (var bad : all) {
      served.set(bad);
      int before = asked.get();
      assertThat(keys.at(uri)).as(bad.status() + " " + bad.type()).isEmpty();
      assertThat(asked).as("no redirect is followed").hasValue(before + 1);
      later(Duration.ofSeconds(30));
    }
    served.set(new Served(200, "application/jwk-set+json", "", good));
    assertThat(keys.at(uri)).hasSize(1);
  }

  @Test
  void aPublicServerReachesNobodysOwnNetwork() {
    publish();
    var there = TestClientKeys.published(world, Reach.PUBLIC);
    var places =
        List.of(
            uri,
            uri.replace("http:", "https:"),
            "https://10.0.0.1/jwks",
            "https://[::1]/jwks",
            "https://169.254.169.254/latest",
            "file:///etc/passwd",
            "https://user@suite.example/jwks");
    for (var place : places) {
      assertThat(there.at(place)).as(place).isEmpty();
    }
    assertThat(there.takes(uri)).isFalse();
    assertThat(asked).hasValue(0);
  }

  @Test
  void ofThoseWhoAskAtOnceOneFetches() throws Exception {
    var key = publish();
    gate.set(new CountDownLatch(1));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<Future<List<VerificationKey>>>();
      for (int i = 0; i < 40; i++) {
        all.add(threads.submit(() -> keys.at(uri)));
      }
      gate.get().countDown();
      for (var one : all) {
        assertPublished(one.get(), key);
      }
    }
    assertThat(asked).hasValue(1);
  }

  @Test
  void notEverybodyWaitsForAServerThatIsSlow() throws Exception {
    publish();
    gate.set(new CountDownLatch(1));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var done = new AtomicInteger();
      var all = new ArrayList<Future<Integer>>();
      for (int i = 0; i < 100; i++) {
        all.add(
            threads.submit(
                () -> {
                  int found = keys.at(uri).size();
                  done.incrementAndGet();
                  return found;
                }));
      }
      Eventually.holds("all but one and 64 go on", () -> done.get() == 35);
      gate.get().countDown();
      for (var one : all) {
        one.get();
      }
    }
    assertThat(asked).hasValue(1);
  }
}
