package io.prokura.audit;

import io.prokura.sql.TestDatabases;

final class FactsOnSqliteTest extends FactsContract {
  FactsOnSqliteTest() {
    super(TestDatabases.sqlite());
  }
}
