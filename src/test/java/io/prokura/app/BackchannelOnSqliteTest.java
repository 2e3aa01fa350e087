package io.prokura.app;

import io.prokura.sql.Database;
import io.prokura.sql.TestDatabases;

final class BackchannelOnSqliteTest extends BackchannelContract {
  @Override
  Database database() {
    return TestDatabases.sqlite();
  }
}
