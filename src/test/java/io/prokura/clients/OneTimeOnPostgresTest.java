package io.prokura.clients;

import io.prokura.sql.TestDatabases;

final class OneTimeOnPostgresTest extends OneTimeContract {
  OneTimeOnPostgresTest() {
    super(TestDatabases.postgres());
  }
}
