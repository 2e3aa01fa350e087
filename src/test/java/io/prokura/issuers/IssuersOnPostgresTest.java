package io.prokura.issuers;

import io.prokura.sql.TestDatabases;

final class IssuersOnPostgresTest extends IssuersContract {
  IssuersOnPostgresTest() {
    super(TestDatabases.postgres());
  }
}
