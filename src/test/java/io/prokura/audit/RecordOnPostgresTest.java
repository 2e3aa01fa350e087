package io.prokura.audit;

import io.prokura.sql.TestDatabases;

final class RecordOnPostgresTest extends RecordContract {
  RecordOnPostgresTest() {
    super(TestDatabases.postgres());
  }
}
