package io.prokura.sql;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Two real PostgreSQL servers, a primary and its synchronous standby, that a test fails over.
public final class PostgresPair implements AutoCloseable {
  private static final int SECONDS_MAX = 30;

  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final List<Path> folders = new ArrayList<>();
  private final int[] ports = {freePort(), freePort()};
  private Node primary;
  private Node standby;

  /// A running server.
  private record Node(EmbeddedPostgres server, ProcessHandle postmaster, Path data, int port) {

    static Node start(Path data, int port) {
      try {
        var server =
            EmbeddedPostgres.builder()
                .setCleanDataDirectory(false)
                .setDataDirectory(data)
                .setPort(port)
                .start();
        var pid = Files.readAllLines(data.resolve("postmaster.pid")).getFirst().strip();
        return new Node(server, ProcessHandle.of(Long.parseLong(pid)).orElseThrow(), data, port);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    String ask(String sql) {
      try (var connection = server.getPostgresDatabase().getConnection();
          var statement = connection.createStatement()) {
        if (!statement.execute(sql)) {
          return "";
        }
        try (var result = statement.getResultSet()) {
          return result.next() ? String.valueOf(result.getString(1)) : "";
        }
      } catch (SQLException e) {
        throw new IllegalStateException(sql, e);
      }
    }

    /// Kills every process of the server, as if its machine had lost power.
    void kill() {
      var processes = new ArrayList<ProcessHandle>();
      processes.add(postmaster);
      processes.addAll(postmaster.descendants().toList());
      processes.forEach(ProcessHandle::destroyForcibly);
      for (var process : processes) {
        process.onExit().orTimeout(SECONDS_MAX, TimeUnit.SECONDS).join();
      }
      try {
        // So that closing releases its lock on the folder and signals nobody else.
        Files.deleteIfExists(data.resolve("postmaster.pid"));
        server.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private PostgresPair() {
    primary = Node.start(folder(), ports[0]);
    standby = attach(ports[1]);
  }

  /// Starts both; the standby has all that the primary has.
  public static PostgresPair start() {
    return new PostgresPair();
  }

  /// Both hosts; the driver looks for the primary among them.
  public String url() {
    return "jdbc:postgresql://localhost:%d,localhost:%d/postgres?user=postgres"
        .formatted(ports[0], ports[1]);
  }

  /// The URL of the primary alone.
  public String primaryUrl() {
    return "jdbc:postgresql://localhost:%d/postgres?user=postgres".formatted(primary.port);
  }

  /// Makes a standby of the primary and has the primary finish no commit without it.
  private Node attach(int port) {
    var data = folder();
    try (var connection = primary.server.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("SELECT pg_backup_start('standby', true)");
      copy(primary.data, data);
      try (var label = statement.executeQuery("SELECT labelfile FROM pg_backup_stop(false)")) {
        label.next();
        Files.writeString(data.resolve("backup_label"), label.getString(1));
      }
    } catch (SQLException | IOException e) {
      throw new IllegalStateException("no standby", e);
    }
    settings(
        data, "primary_conninfo = 'host=127.0.0.1 port=%d user=postgres'".formatted(primary.port));
    try {
      Files.createFile(data.resolve("standby.signal"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var made = Node.start(data, port);
    primary.ask("ALTER SYSTEM SET synchronous_standby_names = '*'");
    primary.ask("SELECT pg_reload_conf()");
    until("sync", "SELECT coalesce(max(sync_state), 'none') FROM pg_stat_replication");
    return made;
  }

  private void until(String expected, String sql) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
    while (!primary.ask(sql).equals(expected)) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("waited too long for " + expected + ": " + sql);
      }
      Thread.onSpinWait();
    }
  }

  /// Files that belong to one running server only are left out; what changes under the copy is in
  /// the log that the standby replays.
  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (var file : (Iterable<Path>) files::iterator) {
        var name = from.relativize(file).toString();
        var target = to.resolve(name);
        if (Files.isDirectory(file)) {
          if (!name.isEmpty()) {
            Files.createDirectory(target, OWNER_ONLY);
          }
        } else if (!name.startsWith("postmaster.") && !name.startsWith("epg-")) {
          copyIfThere(file, target);
        }
      }
    }
  }

  private static void copyIfThere(Path file, Path target) throws IOException {
    try {
      Files.copy(file, target);
    } catch (NoSuchFileException e) {
      // Temporary files come and go while a server runs.
    }
  }

  private static void settings(Path data, String line) {
    try {
      Files.writeString(data.resolve("postgresql.auto.conf"), line + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Kills the primary with all its connections. Until the standby is promoted nobody takes writes.
  public void killPrimary() {
    primary.kill();
  }

  /// Makes the standby the primary, whether the old one lives or not. Returns when it takes writes.
  public void promote() {
    standby.ask("SELECT pg_promote(true, %d)".formatted(SECONDS_MAX));
    var old = primary;
    primary = standby;
    standby = old;
  }

  /// Starts the server that was killed as it was: it still thinks that it is the primary.
  public void revive() {
    standby = Node.start(standby.data, standby.port);
  }

  /// Kills the server that was revived.
  public void killRevived() {
    standby.kill();
  }

  /// Makes a new standby in the place of the server that was killed.
  public void replaceKilled() {
    standby = attach(standby.port);
  }

  /// Ends every connection to the primary.
  public void disconnect() {
    primary.ask(
        """
        SELECT count(pg_terminate_backend(pid))
          FROM pg_stat_activity
         WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
        """);
  }

  /// How many clients the revived server has.
  public int clientsOfRevived() {
    return Integer.parseInt(
        standby.ask(
            """
            SELECT count(*)
              FROM pg_stat_activity
             WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
            """));
  }

  private Path folder() {
    var folder = TestDatabases.folder();
    folders.add(folder);
    return folder;
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    standby.kill();
    primary.kill();
    folders.forEach(TestDatabases::delete);
  }
}
