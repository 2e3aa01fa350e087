package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prokura.cli.Terminal;
import io.prokura.kernel.Outage;
import io.prokura.sql.SqliteDatabase;
import io.prokura.sql.TestDatabases;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/// A server that cannot start says why in a line, ends, and leaves nothing running.
final class ServerStartTest {
  private static final int PAGES_MAX = 1_000_000;
  private static final String DATABASE = "jdbc:postgresql://127.0.0.1:1/none?connectTimeout=1";

  @Test
  void aTakenPortIsAnOutageThatFreesTheDatabase() throws IOException {
    var folder = TestDatabases.folder();
    var data = folder.resolve("data");
    var config = TestServer.config(folder, "http://localhost:8420", "");
    var world = TestServer.systemWorld();
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var there = on(config, taken.getLocalPort());
      var database = SqliteDatabase.open(data, PAGES_MAX);
      assertThatThrownBy(() -> Server.start(world, database, there))
          .isInstanceOf(Outage.class)
          .hasMessageContaining("cannot listen on 127.0.0.1:" + taken.getLocalPort());
    }
    assertThat(data.resolve("admin.sock")).doesNotExist();
    try (var server = Server.start(world, SqliteDatabase.open(data, PAGES_MAX), config)) {
      assertThat(server.port()).isPositive();
    }
  }

  private static Config on(Config config, int port) {
    return with(config, port, config.requestsMax());
  }

  private static Config one(Config config) {
    return with(config, config.port(), 1);
  }

  private static Config with(Config config, int port, int requestsMax) {
    return new Config(
        config.issuer(),
        config.host(),
        port,
        config.data(),
        config.database(),
        config.masterKeyFile(),
        config.checkpointFile(),
        config.organisation(),
        config.policyReview(),
        config.logOrigin(),
        config.signingKeyPeriod(),
        config.signingKeyLead(),
        config.freeTextRetention(),
        config.sessionIdle(),
        config.sessionLifetime(),
        requestsMax,
        config.dpopNonceRequired(),
        config.requestObjects(),
        config.trustDomain(),
        config.transport(),
        config.registration(),
        config.clientDocuments(),
        config.asgardeo());
  }

  private static void assertFails(int status, String why, Path home, String... more) {
    var words = new ArrayList<>(List.of("serve"));
    words.addAll(List.of(more));
    var said = new Terminal(Map.of(), home).run(words);
    assertThat(said.err()).startsWith("prokura: ").contains(why).hasLineCount(1);
    assertThat(said.out()).isEmpty();
    assertThat(said.status()).isEqualTo(status);
  }

  @Test
  void whatIsWrongIsSaidInALine() throws IOException {
    var home = TestDatabases.folder();
    var file = home.resolve("prokura.yaml");
    assertFails(2, "cannot read " + file, home, "--config", file.toString());
    Files.writeString(file, "[a");
    assertFails(2, "is not one YAML mapping", home, "--config", file.toString());
    Files.writeString(file, "prot: 1");
    assertFails(2, "unknown configuration key: prot", home, "--config", file.toString());
    assertFails(2, "port is a number", home, "--port", "x");
    assertFails(2, "Unknown option", home, "--prot=1");
    var policies = Files.createDirectory(home.resolve("policies"));
    Files.writeString(policies.resolve("a.cedar"), "permit (");
    assertFails(1, "a.cedar:1:", home, "--organisation", policies.toString());
    var none = home.resolve("none").toString();
    assertFails(1, "cannot be read", home, "--organisation", none);
    assertFails(1, "cannot connect to the database", home, "--database", DATABASE);
  }

  @Test
  void theCheckpointOfAnotherDatabaseIsNamed() throws IOException {
    var folder = TestDatabases.folder();
    var world = TestServer.systemWorld();
    try (var server = TestServer.start(TestDatabases.sqlite(), folder, world, "")) {
      assertThat(server.operatorToken()).isNotEmpty();
      awaitCheckpoint(folder.resolve("state/checkpoint"));
    }
    try (var server = TestServer.start(TestDatabases.sqlite(), folder, world, "")) {
      assertThat(server.ready()).isFalse();
      assertThat(AdminSocketTest.said(folder.resolve("data"), "restore\n"))
          .contains(folder.resolve("state/checkpoint").toString())
          .contains("does not know");
    }
  }

  @Test
  void oneRequestMoreThanConfiguredIsToldToComeAgain() throws Exception {
    var folder = TestDatabases.folder();
    var config = TestServer.config(folder, "http://localhost:8420", "");
    var database = new Breakable(TestDatabases.sqlite());
    var release = new CountDownLatch(1);
    try (var server = Server.start(TestServer.systemWorld(), database, one(config));
        var http = HttpClient.newHttpClient()) {
      var base = "http://127.0.0.1:" + server.port();
      var slow = HttpRequest.newBuilder(URI.create(base + "/log/checkpoint")).build();
      var live = URI.create(base + "/health/live");
      var statuses =
          database.gone(
              () -> stuck(release),
              () -> {
                var waiting = http.sendAsync(slow, BodyHandlers.ofString());
                int seen = firstNot200(http, URI.create(base + "/oauth2/jwks"));
                int always = firstNot200(http, live, 3);
                release.countDown();
                assertThat(waiting.join().statusCode()).isNotEqualTo(503);
                return List.of(seen, always);
              });
      assertThat(statuses).containsExactly(503, 200);
      var calm = HttpRequest.newBuilder(URI.create(base + "/oauth2/jwks")).build();
      assertThat(http.send(calm, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    }
  }

  private static RuntimeException stuck(CountDownLatch release) {
    try {
      return new Outage("stuck: " + release.await(30, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outage("interrupted", e);
    }
  }

  private static int firstNot200(HttpClient http, URI uri) {
    return firstNot200(http, uri, 500);
  }

  private static int firstNot200(HttpClient http, URI uri, int times) {
    for (int i = 0; i < times; i++) {
      int status =
          http.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
              .join()
              .statusCode();
      if (status != 200) {
        return status;
      }
      LockSupport.parkNanos(10_000_000);
    }
    return 200;
  }

  private static void awaitCheckpoint(Path file) {
    for (int i = 0; i < 200 && !Files.exists(file); i++) {
      LockSupport.parkNanos(50_000_000);
    }
    assertThat(file).exists();
  }
}
