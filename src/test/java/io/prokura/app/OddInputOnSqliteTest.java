package io.prokura.app;

import io.prokura.sql.Database;
import io.prokura.sql.TestDatabases;

final class OddInputOnSqliteTest extends OddInputContract {
  @Override
  Database database() {
    return TestDatabases.sqlite();
  }
}
