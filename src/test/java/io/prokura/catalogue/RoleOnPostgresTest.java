package io.prokura.catalogue;

import io.prokura.sql.TestDatabases;

final class RoleOnPostgresTest extends RoleContract {
  RoleOnPostgresTest() {
    super(TestDatabases.postgres());
  }
}
