package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.Golden;
import io.prokura.http.Access;
import io.prokura.http.Recorded;
import io.prokura.http.Route;
import io.prokura.kernel.Refusal;
import io.prokura.sql.Dialect;
import io.prokura.sql.TestDatabases;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Who may call what, what is recorded, how the server says no, what can be configured and what is
/// stored: each a short file whose difference is reviewed.
final class SurfaceTest {
  private static final String ID = "agt_00000000000000000000000000";

  @Test
  void routes() {
    Golden.check(
        "routes.txt",
        TestServer.routes().stream()
            .map(
                row ->
                    "%s %s %s %s%n"
                        .formatted(row.method(), row.path(), access(row), word(row.recorded())))
            .collect(Collectors.joining()));
  }

  @Test
  void routesThatChangeSomethingAreRecorded() {
    Golden.check(
        "unaudited.txt",
        TestServer.routes().stream()
            .filter(row -> !row.method().equals("GET"))
            .filter(row -> row.recorded() == Recorded.NOTHING)
            .map(row -> "%s %s%n".formatted(row.method(), row.path()))
            .collect(Collectors.joining()));
  }

  /// Every row with no credential, one that is nonsense, and one that is good for something else.
  @Test
  void unauthorised() {
    try (var server = compatible()) {
      var token = server.operatorToken();
      var text = new StringBuilder();
      for (var row : TestServer.routes()) {
        text.append(row.method()).append(' ').append(row.path());
        text.append(" none=").append(status(server, row, ""));
        text.append(" nonsense=").append(status(server, row, "Bearer nonsense"));
        if (!(row.access() instanceof Access.Managed)) {
          text.append(" other=").append(status(server, row, "Bearer " + token));
        }
        text.append('\n');
      }
      Golden.check("unauthorised.txt", text.toString());
    }
  }

  private static TestServer compatible() {
    return TestServer.startWithEverything(
        TestDatabases.sqlite(), TestDatabases.folder(), TestServer.systemWorld(), "");
  }

  private static int status(TestServer server, Route row, String authorization) {
    var path =
        row.path()
            .replace("{id}", ID)
            .replace("{path...}", "0/000")
            .replace("{draft}", "drf_" + "0".repeat(26))
            .replace("{number}", "0");
    var request = HttpRequest.newBuilder(server.uri(path));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    if (row.method().equals("GET")) {
      request.GET();
    } else {
      boolean form = row.path().startsWith("/oauth2/");
      request.header(
          "Content-Type", form ? "application/x-www-form-urlencoded" : "application/json");
      request.method(row.method(), BodyPublishers.ofString(form ? "a=b" : "{}"));
    }
    return server.send(request).statusCode();
  }

  @Test
  void refusals() {
    Golden.check(
        "refusals.txt",
        Arrays.stream(Refusal.values())
            .map(one -> "%s %s %d%n".formatted(one.slug(), one.error(), one.status()))
            .collect(Collectors.joining()));
  }

  @Test
  void configuration() {
    Golden.check(
        "config.txt",
        Config.KEYS.entrySet().stream()
            .map(key -> "%s: %s%n".formatted(key.getKey(), key.getValue()))
            .collect(Collectors.joining()));
  }

  @Test
  void schemaOnSqlite() {
    try (var database = TestDatabases.sqlite()) {
      assertThat(database.dialect()).isEqualTo(Dialect.SQLITE);
      Golden.check(
          "schema-sqlite.sql",
          database
              .<List<String>>read(
                  tx ->
                      tx.list(
                          """
                          SELECT sql FROM sqlite_master
                           WHERE sql IS NOT NULL AND name NOT LIKE 'flyway%'
                             AND name NOT LIKE 'sqlite_%'
                           ORDER BY name
                          """,
                          row -> row.text(1)))
              .stream()
              .map(sql -> sql.strip() + ";\n")
              .collect(Collectors.joining("\n")));
    }
  }

  @Test
  void schemaOnPostgres() {
    try (var database = TestDatabases.postgres()) {
      Golden.check(
          "schema-postgres.txt",
          String.join(
              "",
              database.<List<String>>read(
                  tx ->
                      tx.list(
                          """
                          SELECT table_name || '.' || column_name || ' ' || data_type
                                 || CASE is_nullable WHEN 'NO' THEN ' not null' ELSE '' END
                                 || chr(10)
                            FROM information_schema.columns
                           WHERE table_schema = 'public' AND table_name NOT LIKE 'flyway%'
                           ORDER BY table_name, ordinal_position
                          """,
                          row -> row.text(1)))));
    }
  }

  private static String access(Route row) {
    return switch (row.access()) {
      case Access.Anyone _ -> "anyone";
      case Access.Client _ -> "client";
      case Access.Enforcer _ -> "enforcer";
      case Access.Managed(var action) -> action;
    };
  }

  private static String word(Recorded recorded) {
    return recorded.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
