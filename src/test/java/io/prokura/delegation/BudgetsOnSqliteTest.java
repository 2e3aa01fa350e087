package io.prokura.delegation;

import io.prokura.sql.TestDatabases;

final class BudgetsOnSqliteTest extends BudgetsContract {
  BudgetsOnSqliteTest() {
    super(TestDatabases.sqlite());
  }
}
