package io.prokura.app;

import io.prokura.sql.Database;
import io.prokura.sql.TestDatabases;

final class BackchannelOnPostgresTest extends BackchannelContract {
  @Override
  Database database() {
    return TestDatabases.postgres();
  }
}
