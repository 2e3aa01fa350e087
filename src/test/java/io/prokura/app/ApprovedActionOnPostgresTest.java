package io.prokura.app;

import io.prokura.sql.Database;
import io.prokura.sql.TestDatabases;

final class ApprovedActionOnPostgresTest extends ApprovedActionContract {
  @Override
  Database database() {
    return TestDatabases.postgres();
  }
}
