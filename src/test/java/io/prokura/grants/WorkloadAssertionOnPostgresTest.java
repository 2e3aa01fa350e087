package io.prokura.grants;

import io.prokura.sql.TestDatabases;

final class WorkloadAssertionOnPostgresTest extends WorkloadAssertionContract {
  WorkloadAssertionOnPostgresTest() {
    super(TestDatabases.postgres());
  }
}
