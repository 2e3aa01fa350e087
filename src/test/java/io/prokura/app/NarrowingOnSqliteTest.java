package io.prokura.app;

import io.prokura.sql.Database;
import io.prokura.sql.TestDatabases;

final class NarrowingOnSqliteTest extends NarrowingContract {
  @Override
  Database database() {
    return TestDatabases.sqlite();
  }
}
