package io.prokura.audit;

import io.prokura.sql.TestDatabases;

final class RecordOnSqliteTest extends RecordContract {
  RecordOnSqliteTest() {
    super(TestDatabases.sqlite());
  }
}
