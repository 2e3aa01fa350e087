package io.prokura.sql;

import io.prokura.kernel.Outage;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/// Copies of the embedded database: written while a server uses it, and put back while none does.
public final class SqliteBackup {
  private static final String DATABASE = "prokura.db";

  private SqliteBackup() {}

  /// A copy of a database.
  ///
  /// @param logSize how many entries of the log are signed in it
  public record Copy(Path file, long bytes, long logSize) {}

  /// What was put back.
  ///
  /// @param setAside where the database is that was there
  public record Restored(long bytes, long logSize, Optional<Path> setAside) {}

  /// Writes a copy of the database in `folder`, which this process has open, to `target`; into it
  /// when it is a folder's name and not a file's. The copy is one moment of the database, without
  /// what was deleted before; when this returns it is durable. It is the owner's only. Throws
  /// [Outage] where there is a file already, or the copy cannot be written.
  public static Copy write(Path folder, Path target) {
    if (Files.isDirectory(target)) {
      throw new Outage(target + " is a folder; name a file in it");
    }
    if (Files.exists(target)) {
      throw new Outage(target + " is there already");
    }
    try {
      var part = emptyBeside(target);
      try {
        vacuum(folder.resolve(DATABASE), part);
        sync(part);
        var copy = new Copy(target, Files.size(part), logSize(part));
        // A link fails where a file stands by now.
        Files.createLink(target, part);
        return copy;
      } finally {
        Files.delete(part);
        sync(parent(target));
      }
    } catch (FileAlreadyExistsException e) {
      throw new Outage(target + " is there already", e);
    } catch (IOException | SQLException e) {
      throw new Outage("cannot write the backup " + target, e);
    }
  }

  private static Path emptyBeside(Path target) throws IOException {
    var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    return Files.createTempFile(parent(target), target.getFileName() + ".", ".part", owner);
  }

  private static Path parent(Path file) throws IOException {
    var parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IOException("not a file");
    }
    return parent;
  }

  private static void vacuum(Path database, Path target) throws SQLException {
    try (var connection = open(database, false);
        var statement = connection.prepareStatement("VACUUM INTO ?")) {
      statement.setString(1, target.toString());
      statement.execute();
    }
  }

  private static Connection open(Path file, boolean readOnly) throws SQLException {
    return source(file, readOnly).getConnection();
  }

  private static SQLiteDataSource source(Path file, boolean readOnly) {
    var config = new SQLiteConfig();
    config.setReadOnly(readOnly);
    config.setBusyTimeout(30_000);
    config.setTempStore(SQLiteConfig.TempStore.MEMORY);
    var source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file.toAbsolutePath());
    return source;
  }

  private static void sync(Path file) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /// Puts the backup `file` into `folder`, after it was found sound and of a schema that this
  /// program knows. A database that is there is only replaced when `replace`, and kept aside.
  /// Throws [Outage] when a server uses the folder, and when the backup is not what it should be.
  public static Restored restore(Path file, Path folder, boolean replace) {
    if (!Files.isRegularFile(file)) {
      throw new Outage(file + " is not a file");
    }
    var lock = FolderLock.take(folder);
    try {
      var database = folder.resolve(DATABASE);
      if (Files.exists(database) && !replace) {
        throw new Outage(
            "there is a database in " + folder + "; give --replace to put the backup in its place");
      }
      var part = emptyBeside(database);
      try {
        Files.copy(file, part, StandardCopyOption.REPLACE_EXISTING);
        Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rw-------"));
        sync(part);
        long logSize = verified(part, file);
        long bytes = Files.size(part);
        var aside = setAside(folder);
        Files.move(part, database, StandardCopyOption.ATOMIC_MOVE);
        sync(folder);
        return new Restored(bytes, logSize, aside);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw new Outage("cannot restore " + file, e);
    } finally {
      lock.release();
    }
  }

  private static long verified(Path part, Path file) {
    try (var connection = open(part, true);
        var statement = connection.createStatement()) {
      try (var found = statement.executeQuery("PRAGMA integrity_check(1)")) {
        if (!found.next() || !"ok".equals(found.getString(1))) {
          throw new Outage(file + " is damaged");
        }
      }
      try (var found =
          statement.executeQuery(
              "SELECT count(*) FROM sqlite_master WHERE name = 'flyway_schema_history'")) {
        if (!found.next() || found.getInt(1) != 1) {
          throw new Outage(file + " is not a backup of this program's database");
        }
      }
    } catch (SQLException e) {
      throw new Outage(file + " is not a sound database", e);
    }
    Migrations.refuseNewer(source(part, true), Dialect.SQLITE);
    try {
      return logSize(part);
    } catch (SQLException e) {
      throw new Outage(file + " is not a backup of this program's database", e);
    }
  }

  private static long logSize(Path file) throws SQLException {
    try (var connection = open(file, true);
        var statement = connection.createStatement();
        var found = statement.executeQuery("SELECT size FROM log_head WHERE one = 1")) {
      return found.next() ? found.getLong(1) : 0;
    }
  }

  /// Moves the database of `folder` into a folder of its own, with what belongs to it: an old
  /// write-ahead log beside another database would damage it.
  private static Optional<Path> setAside(Path folder) throws IOException {
    var files =
        List.of(DATABASE, DATABASE + "-wal", DATABASE + "-shm").stream()
            .filter(name -> Files.exists(folder.resolve(name)))
            .toList();
    if (files.isEmpty()) {
      return Optional.empty();
    }
    var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    var aside = Files.createTempDirectory(folder, "replaced-", owner);
    for (var name : files) {
      Files.move(folder.resolve(name), aside.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }
    sync(aside);
    sync(folder);
    return Optional.of(aside);
  }
}
