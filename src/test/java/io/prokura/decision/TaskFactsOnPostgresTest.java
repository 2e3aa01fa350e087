package io.prokura.decision;

import io.prokura.sql.TestDatabases;

final class TaskFactsOnPostgresTest extends TaskFactsContract {
  TaskFactsOnPostgresTest() {
    super(TestDatabases.postgres());
  }
}
