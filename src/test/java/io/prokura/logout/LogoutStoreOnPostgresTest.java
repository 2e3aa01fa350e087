package io.prokura.logout;

import io.prokura.sql.TestDatabases;

final class LogoutStoreOnPostgresTest extends LogoutStoreContract {
  LogoutStoreOnPostgresTest() {
    super(TestDatabases.postgres());
  }
}
