package io.prokura.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.prokura.bench.Program;
import io.prokura.sql.Database;
import io.prokura.sql.PostgresDatabase;
import io.prokura.sql.SqliteDatabase;
import io.prokura.sql.TestDatabases;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/// What must not be served is refused by the real program with one line for people and a status
/// that is not 0. The programs run two at a time; each case waits for its own.
final class RefusedStartTest {
  private static final String FILE = "data/prokura.db";
  private static final String USED = "another process uses the data folder ";
  private static final String NEWER =
      "the database's schema is newer than this program [(]it has migration 9999[)];"
          + " start the newer program";

  private final ExecutorService programs = Executors.newFixedThreadPool(2);
  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<DynamicTest> cases = new ArrayList<>();

  @AfterEach
  void end() throws Exception {
    programs.shutdownNow();
    for (var one : open) {
      one.close();
    }
  }

  @TestFactory
  List<DynamicTest> theProgramSays() throws IOException {
    var folder = TestDatabases.folder();
    open.add(serve(folder, embedded(folder)));
    refused("a second process on one data folder", folder, USED + folder.resolve("data"));

    var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    open.add(socket);
    var port = String.valueOf(socket.getLocalPort());
    refused(
        "a port that is taken",
        TestDatabases.folder(),
        "cannot listen on 127.0.0.1:" + port + ": Address already in use",
        "--port",
        port);
    return cases;
  }

  /// Starts the program and has a case see how it ends.
  private void refused(String what, Path folder, String line, String... options) {
    var ended = programs.submit(() -> Program.end(folder, options));
    cases.add(
        dynamicTest(
            what,
            () -> {
              var program = ended.get(60, TimeUnit.SECONDS);
              assertThat(program.said()).singleElement().asString().matches("prokura: " + line);
              assertThat(program.status()).isNotZero();
            }));
  }

  /// The same in this process, which takes less time.
  @Test
  @Timeout(60)
  void theCommandSaysOfPostgres() throws IOException {
    var later = TestDatabases.postgresUrl();
    migrate(PostgresDatabase.open(later, 2));
    assertThat(said(TestDatabases.folder(), "--database", later)).matches(NEWER);

    var folder = TestDatabases.folder();
    var url = TestDatabases.postgresUrl();
    work(folder, PostgresDatabase.open(url, 4));
    try (var _ = serve(folder, PostgresDatabase.open(url, 4))) {
      assertThat(said(folder, "--database", url)).isEqualTo(USED + folder.resolve("data"));
    }
  }

  @Test
  @Timeout(60)
  void theCommandSaysOfWhatDoesNotFitTogether() throws IOException {
    var folder = TestDatabases.folder();
    work(folder, embedded(folder));
    var other = copy(folder);
    Files.delete(other.resolve("secret/master.key"));
    assertThat(said(other)).startsWith("the log's key does not open with this master key: ");
    migrate(embedded(other));
    assertThat(said(other)).matches(NEWER);
    var key = folder.resolve("secret/master.key");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(said(folder))
        .isEqualTo(
            "the master key file %s has mode rw-r--r--; only its owner may have access (chmod 600)"
                .formatted(key));
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    var checkpoint = folder.resolve("state/checkpoint");
    Files.writeString(checkpoint, "no checkpoint");
    assertThat(said(folder))
        .startsWith("the checkpoint file " + checkpoint + " does not hold a checkpoint: ");
    Files.writeString(folder.resolve(FILE), "no database");
    assertThat(said(folder))
        .startsWith("cannot bring the database's schema up to date: ")
        .contains("not a database");
  }

  @Test
  @Timeout(60)
  void theCommandSaysOfItsConfiguration() throws IOException {
    var folder = TestDatabases.folder();
    assertThat(said(folder, "--database", "jdbc:other://localhost/prokura"))
        .isEqualTo("database is a jdbc:postgresql:// URL");
    assertThat(said(folder, "--port", "70000"))
        .isEqualTo("port is a number from 0 to 65535: 70000");
    var policies = TestDatabases.folder();
    Files.writeString(policies.resolve("broken.cedar"), "permit (principal");
    assertThat(said(folder, "--organisation", policies.toString()))
        .startsWith("broken.cedar:1:18: ");
    assertThat(lines("serve", "--config", "/nowhere.yaml"))
        .singleElement()
        .asString()
        .startsWith("prokura: cannot read /nowhere.yaml");
  }

  /// What the command says, with everything below `folder`, when it does not begin to serve.
  private static String said(Path folder, String... options) throws IOException {
    var config = folder.resolve("prokura.yaml");
    Files.writeString(
        config,
        "{data: %s/data, masterKeyFile: %s/secret/master.key, checkpointFile: %s/state/checkpoint}"
            .formatted(folder, folder, folder));
    var arguments = new ArrayList<>(List.of("serve", "--config", config.toString()));
    arguments.addAll(List.of(options));
    var lines = lines(arguments.toArray(String[]::new));
    assertThat(lines).singleElement().asString().startsWith("prokura: ");
    return lines.getFirst().substring("prokura: ".length());
  }

  private static List<String> lines(String... arguments) {
    var before = System.err;
    var bytes = new ByteArrayOutputStream();
    System.setErr(new PrintStream(bytes, true, UTF_8));
    try {
      assertThat(Main.commandLine(Map.of(), TestDatabases.folder()).execute(arguments)).isNotZero();
    } finally {
      System.setErr(before);
    }
    return bytes.toString(UTF_8).lines().toList();
  }

  private static void migrate(Database database) {
    try (database) {
      database.inTransaction(
          tx ->
              tx.run(
                  """
                  INSERT INTO flyway_schema_history
                    (installed_rank, version, description, type, script, checksum, installed_by,
                     execution_time, success)
                  VALUES (9999, '9999', 'later', 'SQL', 'V9999__later.sql', 1, 'later', 1, TRUE)
                  """));
    }
  }

  private static Database embedded(Path folder) {
    return SqliteDatabase.open(folder.resolve("data"), 100_000);
  }

  private static TestServer serve(Path folder, Database database) {
    return TestServer.start(database, folder, TestServer.systemWorld(), "");
  }

  /// Serves until an entry more is in the published log.
  private static void work(Path folder, Database database) {
    try (var server = serve(folder, database)) {
      long before = Auditor.logSize(server);
      server.operatorToken();
      Eventually.holds("a longer log", () -> Auditor.logSize(server) > before);
    }
  }

  /// A copy of a folder in which nobody serves.
  private static Path copy(Path from) throws IOException {
    var to = TestDatabases.folder();
    try (var files = Files.walk(from)) {
      for (var file : (Iterable<Path>) files.skip(1)::iterator) {
        var copy = to.resolve(from.relativize(file));
        Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    return to;
  }
}
