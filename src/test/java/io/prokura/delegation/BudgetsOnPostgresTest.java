package io.prokura.delegation;

import io.prokura.sql.TestDatabases;

final class BudgetsOnPostgresTest extends BudgetsContract {
  BudgetsOnPostgresTest() {
    super(TestDatabases.postgres());
  }
}
