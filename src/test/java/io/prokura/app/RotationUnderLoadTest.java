package io.prokura.app;

import static io.prokura.app.Office.token;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import io.prokura.kernel.World;
import io.prokura.sql.PostgresDatabase;
import io.prokura.sql.SqliteBackup;
import io.prokura.sql.TestDatabases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Callers ask for tokens, decisions and introspection all the while, without a pause, and every
/// key of the server is replaced several times, and the database copied, without one of them being
/// refused.
@Timeout(300)
final class RotationUnderLoadTest {
  private static final int TIMES = 3;
  private static final Duration LEAD = Duration.ofMillis(400);

  private final Path folder = TestDatabases.folder();

  /// Time stands still unless the test moves it, so that no node falls behind on a slow machine.
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.now().truncatedTo(ChronoUnit.SECONDS));

  private final World world = new World(now::get, new SecureRandom());
  private final AtomicLong answered = new AtomicLong();
  private final Queue<String> failed = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean over = new AtomicBoolean();

  private static Config config(Path folder) {
    var config = TestServer.config(folder, "http://localhost:8420", "");
    return new Config(
        config.issuer(),
        config.host(),
        config.port(),
        config.data(),
        config.database(),
        config.masterKeyFile(),
        config.checkpointFile(),
        config.organisation(),
        config.policyReview(),
        config.logOrigin(),
        config.signingKeyPeriod(),
        LEAD,
        config.freeTextRetention(),
        config.sessionIdle(),
        config.sessionLifetime(),
        config.requestsMax(),
        config.dpopNonceRequired(),
        config.requestObjects(),
        config.trustDomain(),
        config.transport(),
        config.registration(),
        config.clientDocuments(),
        config.asgardeo());
  }

  @Test
  void noRequestFailsOnTheEmbeddedDatabase() throws Exception {
    var settings = config(folder);
    var data = settings.data();
    try (var server = TestServer.inProcess(() -> TestDatabases.sqlite(data), world, settings)) {
      underLoad(
          server,
          office -> {
            rotateSigningKeys(server);
            rotateMasterKey(server);
            rotateLogKey(server);
            backUp(data);
          });
      kept(server);
      server.restart();
      kept(server);
    }
  }

  /// The old master key stays for a minute there, in which other nodes may learn of the new one.
  @Test
  void noRequestFailsOnPostgres() throws Exception {
    var settings = config(folder);
    var url = TestDatabases.postgresUrl();
    try (var server = TestServer.inProcess(() -> PostgresDatabase.open(url, 8), world, settings)) {
      underLoad(
          server,
          office -> {
            rotateSigningKeys(server);
            said("rotate-master-key");
            assertThat(generations()).hasSize(2);
            rotateLogKey(server);
          });
      kept(server);
      now.set(now.get().plusSeconds(61));
      Eventually.holds("the old key to go", () -> generations().size() == 1);
      kept(server);
      server.restart();
      kept(server);
    }
  }

  private interface Meanwhile {
    void run(Office office) throws Exception;
  }

  private void underLoad(TestServer server, Meanwhile meanwhile) throws Exception {
    var office = Office.at(server);
    assertThat(keptUser(server).statusCode()).isEqualTo(201);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var callers = new ArrayList<Future<?>>();
      callers.add(threads.submit(() -> again(() -> office.own(server, office.triage()))));
      callers.add(
          threads.submit(() -> again(() -> office.own(server, office.assertion(now.get())))));
      callers.add(threads.submit(() -> again(() -> office.delegated(server))));
      callers.add(threads.submit(() -> again(() -> introspected(server, office))));
      callers.add(threads.submit(() -> again(() -> decided(server, office))));
      callers.add(threads.submit(() -> again(() -> ready(server))));
      try {
        Eventually.holds("callers that are answered", () -> answered.get() > 20);
        meanwhile.run(office);
        long before = answered.get();
        Eventually.holds("more answers", () -> answered.get() > before + 20);
      } finally {
        over.set(true);
      }
      for (var caller : callers) {
        caller.get(60, TimeUnit.SECONDS);
      }
    }
    assertThat(failed).isEmpty();
    new Auditor(server, office.delegation()).findsLogIntact(server);
  }

  private void again(Supplier<HttpResponse<String>> call) {
    while (!over.get()) {
      try {
        var response = call.get();
        if (response.statusCode() == 200) {
          answered.incrementAndGet();
        } else {
          failed.add(response.statusCode() + " " + response.body());
        }
      } catch (RuntimeException | AssertionError e) {
        failed.add(String.valueOf(e));
      }
    }
  }

  private HttpResponse<String> introspected(TestServer server, Office office) {
    var response = office.introspect(server, token(server, office.delegated(server)));
    if (!response.body().contains("\"active\":true")) {
      failed.add("introspection: " + response.body());
    }
    return response;
  }

  private HttpResponse<String> decided(TestServer server, Office office) {
    var fresh = token(server, office.delegated(server));
    var response = office.decide(server, "user", office.alice(), fresh);
    if (!response.body().contains("\"decision\":true")) {
      failed.add("decision: " + response.body());
    }
    return response;
  }

  private static HttpResponse<String> ready(TestServer server) {
    LockSupport.parkNanos(20_000_000);
    return server.send(HttpRequest.newBuilder(server.uri("/health/ready")));
  }

  private void rotateSigningKeys(TestServer server) {
    for (int i = 0; i < TIMES; i++) {
      server.done("/api/v1/keys/rotate", server.operatorToken(), Json.object().build());
      now.set(now.get().plusSeconds(1));
    }
    var jwks = server.send(HttpRequest.newBuilder(server.uri("/oauth2/jwks"))).body();
    assertThat(jwks.split("\"kid\"", -1)).hasSizeGreaterThanOrEqualTo(TIMES + 2);
  }

  private String said(String line) throws Exception {
    var answer = AdminSocketTest.said(folder.resolve("data"), line + "\n");
    assertThat(answer).doesNotContain("\"error\"");
    return answer;
  }

  private List<String> generations() {
    try {
      return Files.readAllLines(config(folder).masterKeyFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void rotateMasterKey(TestServer server) throws Exception {
    Set<String> seen = new HashSet<>(generations());
    for (int i = 0; i < TIMES; i++) {
      var done = server.object(said("rotate-master-key"));
      assertThat(done.flag("done")).hasValue(true);
      assertThat(done.number("wrapped").orElseThrow()).isPositive();
      assertThat(generations()).hasSize(1);
      assertThat(seen.add(generations().getFirst())).isTrue();
    }
  }

  private void rotateLogKey(TestServer server) throws Exception {
    for (int i = 0; i < TIMES; i++) {
      var old = new Auditor(server, newestEntry(server));
      old.findsLogIntact(server);
      old.keepsCheckpoint(server);
      var both = server.object(said("rotate-log-key")).texts("vkeys").orElseThrow();
      assertThat(both).hasSize(2);
      Eventually.holds("two signatures", () -> signatures(server) == 2);
      old.findsLogIntact(server);
      said("rotate-log-key finish");
      Eventually.holds("one signature", () -> signatures(server) == 1);
      var next = new Auditor(server, newestEntry(server));
      next.findsLogIntact(server);
      next.findsAll(server, List.of(newestEntry(server)));
    }
  }

  private static String newestEntry(TestServer server) {
    var found = server.get("/api/v1/audit?limit=1", server.operatorToken());
    var items = (Json.Arr) server.object(found.body()).get("items").orElseThrow();
    return ((Json.Obj) items.items().getFirst()).text("id").orElseThrow();
  }

  private static long signatures(TestServer server) {
    var checkpoint = server.send(HttpRequest.newBuilder(server.uri("/log/checkpoint"))).body();
    return checkpoint.lines().filter(line -> line.startsWith("\u2014")).count();
  }

  private void backUp(Path data) throws Exception {
    for (int i = 0; i < TIMES; i++) {
      var file = folder.resolve("backup-" + i + ".db");
      said("backup " + file);
      var restored = SqliteBackup.restore(file, TestDatabases.folder(), false);
      assertThat(restored.logSize()).isPositive();
      assertThat(new String(Files.readAllBytes(file), UTF_8)).startsWith("SQLite format 3");
    }
    assertThat(data.resolve("prokura.db")).exists();
  }

  /// Registers a user whose answer is kept, wrapped, for whoever asks again.
  private static HttpResponse<String> keptUser(TestServer server) {
    return server.send(
        "POST",
        "/api/v1/users",
        server.operatorToken(),
        Map.of("Idempotency-Key", "kept"),
        "{\"userName\":\"kept\"}");
  }

  /// What was wrapped under the first master key is still read.
  private static void kept(TestServer server) {
    var again = keptUser(server);
    assertThat(again.statusCode()).isEqualTo(201);
    var user = server.object(again.body()).text("id").orElseThrow();
    var found = server.get("/api/v1/audit?about=" + user, server.operatorToken());
    assertThat(found.body()).contains("\"value\":\"kept\"");
    var refused = server.get("/api/v1/audit?limit=200", server.operatorToken());
    assertThat(refused.body()).as("free text").contains("\"source\":{\"value\":");
  }
}
