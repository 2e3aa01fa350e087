package io.prokura.app;

import io.prokura.sql.Database;
import io.prokura.sql.TestDatabases;

final class DeviceOnPostgresTest extends DeviceContract {
  @Override
  Database database() {
    return TestDatabases.postgres();
  }
}
