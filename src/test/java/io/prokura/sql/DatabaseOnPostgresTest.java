package io.prokura.sql;

final class DatabaseOnPostgresTest extends DatabaseContract {
  DatabaseOnPostgresTest() {
    super(TestDatabases.postgres());
  }
}
