package io.prokura.app;

import io.prokura.sql.Database;
import io.prokura.sql.TestDatabases;

final class AsgardeoOnPostgresTest extends AsgardeoContract {
  @Override
  Database database() {
    return TestDatabases.postgres();
  }
}
