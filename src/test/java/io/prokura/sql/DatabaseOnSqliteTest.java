package io.prokura.sql;

final class DatabaseOnSqliteTest extends DatabaseContract {
  DatabaseOnSqliteTest() {
    super(TestDatabases.sqlite());
  }
}
