package io.prokura.app;

import io.prokura.sql.TestDatabases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

final class RestoreOnSqliteTest extends RestoreContract {
  RestoreOnSqliteTest() {
    super(copies(TestDatabases.folder(), TestDatabases.folder()));
  }

  private static Copies copies(Path database, Path backup) {
    return new Copies(
        () -> TestDatabases.sqlite(database),
        () -> copy(database, backup),
        () -> copy(backup, database));
  }

  private static void copy(Path from, Path to) {
    try {
      Files.deleteIfExists(to.resolve("prokura.db-wal"));
      Files.deleteIfExists(to.resolve("prokura.db-shm"));
      Files.copy(
          from.resolve("prokura.db"),
          to.resolve("prokura.db"),
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
