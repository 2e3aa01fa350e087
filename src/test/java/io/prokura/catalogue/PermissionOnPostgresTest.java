package io.prokura.catalogue;

import io.prokura.sql.TestDatabases;

final class PermissionOnPostgresTest extends PermissionContract {
  PermissionOnPostgresTest() {
    super(TestDatabases.postgres());
  }
}
