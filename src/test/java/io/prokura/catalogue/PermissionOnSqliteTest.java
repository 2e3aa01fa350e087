package io.prokura.catalogue;

import io.prokura.sql.TestDatabases;

final class PermissionOnSqliteTest extends PermissionContract {
  PermissionOnSqliteTest() {
    super(TestDatabases.sqlite());
  }
}
