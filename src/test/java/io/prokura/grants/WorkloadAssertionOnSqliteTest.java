package io.prokura.grants;

import io.prokura.sql.TestDatabases;

final class WorkloadAssertionOnSqliteTest extends WorkloadAssertionContract {
  WorkloadAssertionOnSqliteTest() {
    super(TestDatabases.sqlite());
  }
}
