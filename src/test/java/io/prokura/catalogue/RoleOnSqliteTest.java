package io.prokura.catalogue;

import io.prokura.sql.TestDatabases;

final class RoleOnSqliteTest extends RoleContract {
  RoleOnSqliteTest() {
    super(TestDatabases.sqlite());
  }
}
