package io.prokura.agents;

import io.prokura.sql.TestDatabases;

final class AgentsOnSqliteTest extends AgentsContract {
  AgentsOnSqliteTest() {
    super(TestDatabases.sqlite());
  }
}
