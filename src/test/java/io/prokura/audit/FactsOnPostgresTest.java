package io.prokura.audit;

import io.prokura.sql.TestDatabases;

final class FactsOnPostgresTest extends FactsContract {
  FactsOnPostgresTest() {
    super(TestDatabases.postgres());
  }
}
