package io.prokura.sql;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;

/// Databases for tests: SQLite in a temporary folder, and databases of the one PostgreSQL server
/// that a test run starts.
public final class TestDatabases {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private TestDatabases() {}

  private static final class Server {
    static final EmbeddedPostgres RUNNING = start();

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.builder()
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("max_connections", "100")
            .start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  public static Path folder() {
    try {
      var folder = Files.createTempDirectory("prokura-test");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A folder in memory, where the machine has such a thing; whoever asks for it deletes it.
  public static Path folderInMemory() {
    var memory = Path.of("/dev/shm");
    try {
      return Files.isWritable(memory)
          ? Files.createTempDirectory(memory, "prokura-test")
          : Files.createTempDirectory("prokura-test");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static Database sqlite() {
    return sqlite(folder());
  }

  /// The database in `folder`, which nobody else may have open.
  public static Database sqlite(Path folder) {
    return SqliteDatabase.open(folder, 1_000_000);
  }

  /// The URL of a new, empty PostgreSQL database.
  public static String postgresUrl() {
    return postgresUrl("template1");
  }

  /// The URL of a copy of the database at `url`, to which nobody may be connected.
  public static String postgresCopy(String url) {
    return postgresUrl(url.replaceFirst(".*/(test[0-9]+).*", "$1"));
  }

  private static String postgresUrl(String template) {
    var name = "test" + NUMBER.incrementAndGet();
    try (var connection = Server.RUNNING.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name + " TEMPLATE " + template);
      return Server.RUNNING.getJdbcUrl("postgres", name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  public static Database postgres() {
    return PostgresDatabase.open(postgresUrl(), 8);
  }

  public static void delete(Path folder) {
    try (var files = Files.walk(folder)) {
      for (var file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      System.err.println("left behind: " + folder);
    }
  }
}
