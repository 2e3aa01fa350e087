package io.prokura.issuers;

import io.prokura.sql.TestDatabases;

final class IssuersOnSqliteTest extends IssuersContract {
  IssuersOnSqliteTest() {
    super(TestDatabases.sqlite());
  }
}
