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
import java.net.http.HttpRequest;
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
  List<DynamicTest> theProgramSays() throws Exception {
    usedFolders();
    newerSchemas();
    oldCopies();
    takenPort();
    return cases;
  }

  private void usedFolders() {
    var folder = TestDatabases.folder();
    open.add(serve(folder, embedded(folder)));
    var used = "another process uses the data folder " + folder.resolve("data");
    refused("a second process on one data folder", folder, used);

    var other = TestDatabases.folder();
    var url = TestDatabases.postgresUrl();
    open.add(serve(other, PostgresDatabase.open(url, 4)));
    refused(
        "a second node with the data folder of the first",
        other,
        "another process uses the data folder " + other.resolve("data"),
        "--database",
        url);
  }

  private void newerSchemas() {
    var newer =
        "the database's schema is newer than this program [(]it has migration 9999[)];"
            + " start the newer program";
    var folder = TestDatabases.folder();
    migrate(embedded(folder));
    refused("a newer schema in the embedded database", folder, newer);
    var url = TestDatabases.postgresUrl();
    migrate(PostgresDatabase.open(url, 2));
    refused("a newer schema in PostgreSQL", TestDatabases.folder(), newer, "--database", url);
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

  private void oldCopies() throws IOException {
    var old = "the database holds [0-9]+ entries of the log, but [0-9]+ were published: .*old copy";
    var folder = TestDatabases.folder();
    var url = TestDatabases.postgresUrl();
    work(folder, PostgresDatabase.open(url, 4));
    var copy = TestDatabases.postgresCopy(url);
    work(folder, PostgresDatabase.open(url, 4));
    refused("an old copy of a PostgreSQL database", folder, old, "--database", copy);

    var before = TestDatabases.folder();
    work(before, embedded(before));
    var after = copy(before);
    work(after, embedded(after));
    var mixed = copy(after);
    Files.delete(mixed.resolve(FILE));
    Files.copy(before.resolve(FILE), mixed.resolve(FILE));
    refused("an old copy of the embedded database", mixed, old);
    wrongStates(after);
  }

  private void wrongStates(Path whole) throws IOException {
    var empty = copy(whole);
    Files.delete(empty.resolve(FILE));
    refused(
        "a new database beside the checkpoint of another",
        empty,
        "the checkpoint kept outside the database is not one of its log: .*");

    var readable = copy(whole);
    var mode = PosixFilePermissions.fromString("rw-r--r--");
    Files.setPosixFilePermissions(readable.resolve("secret/master.key"), mode);
    refused(
        "a master key that others can read",
        readable,
        "the master key file .*/master.key has mode rw-r--r--;"
            + " only its owner may have access [(]chmod 600[)]");

    var other = copy(whole);
    Files.delete(other.resolve("secret/master.key"));
    refused("another master key", other, "the log's key does not open with this master key: .*");
  }

  private void takenPort() throws IOException {
    var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    open.add(socket);
    var port = String.valueOf(socket.getLocalPort());
    refused(
        "a port that is taken",
        TestDatabases.folder(),
        "cannot listen on 127.0.0.1:" + port + ": Address already in use",
        "--port",
        port);
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

  /// The same command in this process, for what ends before anything is served.
  @Test
  @Timeout(60)
  void theCommandSays() throws IOException {
    var folder = TestDatabases.folder();
    var config = folder.resolve("prokura.yaml");
    Files.writeString(
        config,
        "{data: %s/data, masterKeyFile: %s/secret/key, checkpointFile: %s/state/checkpoint}"
            .formatted(folder, folder, folder));
    assertThat(said("--config", "/nowhere.yaml")).startsWith("prokura: cannot read /nowhere.yaml");
    assertThat(said("--config", config.toString(), "--database", "jdbc:other://localhost/prokura"))
        .isEqualTo("prokura: database is a jdbc:postgresql:// URL");
    assertThat(said("--config", config.toString(), "--port", "70000"))
        .isEqualTo("prokura: port lies between 0 and 65535");
    var policies = TestDatabases.folder();
    Files.writeString(policies.resolve("broken.cedar"), "permit (principal");
    assertThat(said("--config", config.toString(), "--organisation", policies.toString()))
        .startsWith("prokura: broken.cedar:1:18: ");
    Files.delete(folder.resolve(FILE));
    Files.writeString(folder.resolve(FILE), "no database");
    assertThat(said("--config", config.toString()))
        .startsWith("prokura: cannot bring the database's schema up to date: ")
        .contains("not a database");
  }

  /// What the command says, in one line, when it does not begin to serve.
  private static String said(String... options) {
    var before = System.err;
    var bytes = new ByteArrayOutputStream();
    System.setErr(new PrintStream(bytes, true, UTF_8));
    try {
      var arguments = new ArrayList<>(List.of("serve"));
      arguments.addAll(List.of(options));
      var command = Main.commandLine(Map.of(), TestDatabases.folder());
      assertThat(command.execute(arguments.toArray(String[]::new))).isNotZero();
    } finally {
      System.setErr(before);
    }
    assertThat(bytes.toString(UTF_8).lines()).hasSize(1);
    return bytes.toString(UTF_8).strip();
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
      long before = logSize(server);
      server.operatorToken();
      Eventually.holds("a longer log", () -> logSize(server) > before);
    }
  }

  private static long logSize(TestServer server) {
    var checkpoint = server.send(HttpRequest.newBuilder(server.uri("/log/checkpoint")));
    return checkpoint.statusCode() == 200
        ? Long.parseLong(checkpoint.body().lines().skip(1).findFirst().orElseThrow())
        : 0;
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
