package io.prokura.grants;

import io.prokura.sql.TestDatabases;

final class WorkloadAttackOnSqliteTest extends WorkloadAttackContract {
  WorkloadAttackOnSqliteTest() {
    super(TestDatabases.sqlite());
  }
}
