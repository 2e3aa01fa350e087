package io.prokura.decision;

import io.prokura.sql.TestDatabases;

final class TaskFactsOnSqliteTest extends TaskFactsContract {
  TaskFactsOnSqliteTest() {
    super(TestDatabases.sqlite());
  }
}
