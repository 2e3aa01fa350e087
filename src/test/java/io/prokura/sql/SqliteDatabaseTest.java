package io.prokura.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prokura.kernel.Outage;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SqliteDatabaseTest {

  @Test
  void locksItsFolderAgainstASecondUser() {
    var folder = TestDatabases.folder();
    try (var first = SqliteDatabase.open(folder, 10_000)) {
      assertThat(first.dialect()).isEqualTo(Dialect.SQLITE);
      assertThatThrownBy(() -> SqliteDatabase.open(folder, 10_000))
          .isInstanceOf(Outage.class)
          .hasMessageContaining("another process uses the data folder");
    }
    SqliteDatabase.open(folder, 10_000).close();
  }

  @Test
  void refusesASchemaNewerThanTheProgram() {
    var folder = TestDatabases.folder();
    try (var database = SqliteDatabase.open(folder, 10_000)) {
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
    assertThatThrownBy(() -> SqliteDatabase.open(folder, 10_000))
        .isInstanceOf(Outage.class)
        .hasMessageContaining("newer than this program")
        .hasMessageContaining("9999");
  }

  @Test
  void failsClosedWhenFullAndServesAgainWhenThereIsRoom() {
    var folder = TestDatabases.folder();
    try (var database = SqliteDatabase.open(folder, 320)) {
      database.inTransaction(tx -> tx.run("CREATE TABLE big (bytes BLOB)"));
      var insert = "INSERT INTO big (bytes) VALUES (zeroblob(?))";
      assertThatThrownBy(() -> database.inTransaction(tx -> tx.run(insert, 2_000_000)))
          .isInstanceOf(Outage.class);
      database.inTransaction(tx -> tx.run(insert, 1_000));
      assertThat(
              database.<Long>read(
                  tx -> tx.one("SELECT count(*) FROM big", row -> row.number(1)).orElseThrow()))
          .isEqualTo(1);
    }
  }

  /// SQLite itself would go on writing into files that nobody finds again.
  @Test
  void answersNothingThatIsNotWhereItWillBeLookedFor() throws IOException {
    for (var name : List.of("prokura.db", "prokura.db-wal")) {
      var folder = TestDatabases.folder();
      var file = folder.resolve(name);
      var aside = folder.resolve("aside");
      try (var database = SqliteDatabase.open(folder, 10_000)) {
        new WriteCheck(database).run();
        Files.move(file, aside);
        refusesWrites(database, "the commit failed");
        Files.copy(aside, file);
        refusesWrites(database, "the commit failed");
        Files.delete(file);
        Files.move(aside, file);
        new WriteCheck(database).run();
      }
    }
  }

  @Test
  void refusesWritesAndGoesOnReadingWhereItBecomesReadOnly() {
    var folder = TestDatabases.folder();
    try (var database = SqliteDatabase.open(folder, 10_000)) {
      database.inTransaction(tx -> tx.run("PRAGMA query_only = ON"));
      refusesWrites(database, "the commit failed");
      assertThat(database.<Boolean>read(tx -> tx.list("SELECT 1", _ -> 1).size() == 1)).isTrue();
    }
    try (var database = SqliteDatabase.open(folder, 10_000)) {
      new WriteCheck(database).run();
    }
  }

  private static void refusesWrites(Database database, String why) {
    assertThatThrownBy(() -> new WriteCheck(database).run())
        .isInstanceOf(Outage.class)
        .hasMessageContaining(why);
  }

  @Test
  void refusesATransactionInsideATransaction() {
    try (var database = TestDatabases.sqlite()) {
      assertThatThrownBy(
              () -> database.inTransaction(_ -> database.inTransaction(tx -> tx.run("SELECT 1"))))
          .isInstanceOf(IllegalStateException.class);
    }
  }
}
