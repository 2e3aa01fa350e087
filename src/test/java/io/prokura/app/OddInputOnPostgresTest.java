package io.prokura.app;

import io.prokura.sql.Database;
import io.prokura.sql.TestDatabases;

final class OddInputOnPostgresTest extends OddInputContract {
  @Override
  Database database() {
    return TestDatabases.postgres();
  }
}
