package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.kernel.World;
import io.prokura.sql.SqliteDatabase;
import io.prokura.sql.TestDatabases;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/// The answer under an `Idempotency-Key` outlives the server, and not a day.
final class RepetitionOverTimeTest {
  private static final int PAGES_MAX = 1_000_000;
  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
  private final World world = new World(() -> Instant.now().plus(ahead.get()), new SecureRandom());

  @Test
  void aRestartForgetsNoAnswerAndADayDoes() {
    var data = TestDatabases.folder();
    var company = Company.found(SqliteDatabase.open(data, PAGES_MAX), world);
    var holder = company.id("lookup");
    HttpResponse<String> first;
    try (company) {
      first = addSecret(company.server, holder);
    }
    var again = SqliteDatabase.open(data, PAGES_MAX);
    try (var server = TestServer.start(again, company.folder, world, "")) {
      var second = addSecret(server, holder);
      assertThat(second.statusCode()).isEqualTo(201);
      assertThat(second.body()).isEqualTo(first.body());
      var secret = server.object(second.body()).text("secret").orElseThrow();
      assertThat(server.form("/oauth2/introspect", holder, secret, "token=a").statusCode())
          .isEqualTo(200);
      ahead.set(Duration.ofHours(23));
      awaitReady(server);
      assertThat(addSecret(server, holder).body()).isEqualTo(first.body());
      ahead.set(Duration.ofHours(24).plusMinutes(1));
      awaitReady(server);
      var third = addSecret(server, holder);
      assertThat(third.statusCode()).isEqualTo(201);
      assertThat(third.body()).isNotEqualTo(first.body());
    }
  }

  private static HttpResponse<String> addSecret(TestServer server, String holder) {
    return server.send(
        "POST",
        "/api/v1/agents/" + holder + "/credentials",
        server.operatorToken(),
        Map.of("Idempotency-Key", "one"),
        "{\"kind\":\"secret\"}");
  }

  /// The server notices by itself that time has passed, and follows again.
  private static void awaitReady(TestServer server) {
    var ready = HttpRequest.newBuilder(server.uri("/health/ready"));
    for (int i = 0; i < 200; i++) {
      if (server.send(ready).statusCode() == 200) {
        return;
      }
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
    throw new AssertionError("never ready again");
  }
}
