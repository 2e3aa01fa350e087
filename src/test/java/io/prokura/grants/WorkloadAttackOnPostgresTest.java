package io.prokura.grants;

import io.prokura.sql.TestDatabases;

final class WorkloadAttackOnPostgresTest extends WorkloadAttackContract {
  WorkloadAttackOnPostgresTest() {
    super(TestDatabases.postgres());
  }
}
