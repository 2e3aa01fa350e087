package io.prokura.app;

import io.prokura.sql.Database;
import io.prokura.sql.TestDatabases;

final class VersionsOnSqliteTest extends VersionsContract {
  @Override
  Database database() {
    return TestDatabases.sqlite();
  }
}
