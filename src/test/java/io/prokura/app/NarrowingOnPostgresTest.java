package io.prokura.app;

import io.prokura.sql.Database;
import io.prokura.sql.TestDatabases;

final class NarrowingOnPostgresTest extends NarrowingContract {
  @Override
  Database database() {
    return TestDatabases.postgres();
  }
}
