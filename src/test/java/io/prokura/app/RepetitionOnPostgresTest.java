package io.prokura.app;

import io.prokura.sql.Database;
import io.prokura.sql.TestDatabases;

final class RepetitionOnPostgresTest extends RepetitionContract {
  @Override
  Database database() {
    return TestDatabases.postgres();
  }
}
