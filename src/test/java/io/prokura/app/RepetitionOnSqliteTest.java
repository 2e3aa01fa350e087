package io.prokura.app;

import io.prokura.sql.Database;
import io.prokura.sql.TestDatabases;

final class RepetitionOnSqliteTest extends RepetitionContract {
  @Override
  Database database() {
    return TestDatabases.sqlite();
  }
}
