package io.prokura.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prokura.kernel.Outage;
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
    try (var database = SqliteDatabase.open(folder, 200)) {
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

  @Test
  void refusesATransactionInsideATransaction() {
    try (var database = TestDatabases.sqlite()) {
      assertThatThrownBy(
              () -> database.inTransaction(_ -> database.inTransaction(tx -> tx.run("SELECT 1"))))
          .isInstanceOf(IllegalStateException.class);
    }
  }
}
