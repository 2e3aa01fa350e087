package io.prokura.clients;

import io.prokura.sql.TestDatabases;

final class OneTimeOnSqliteTest extends OneTimeContract {
  OneTimeOnSqliteTest() {
    super(TestDatabases.sqlite());
  }
}
