package io.prokura.agents;

import io.prokura.sql.TestDatabases;

final class AgentsOnPostgresTest extends AgentsContract {
  AgentsOnPostgresTest() {
    super(TestDatabases.postgres());
  }
}
