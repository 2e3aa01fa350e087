package io.prokura.app;

import io.prokura.sql.Database;
import io.prokura.sql.TestDatabases;

final class AsgardeoFloodOnPostgresTest extends AsgardeoFloodContract {
  @Override
  Database database() {
    return TestDatabases.postgres();
  }
}
