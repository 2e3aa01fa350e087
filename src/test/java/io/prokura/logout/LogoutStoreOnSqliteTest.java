package io.prokura.logout;

import io.prokura.sql.TestDatabases;

final class LogoutStoreOnSqliteTest extends LogoutStoreContract {
  LogoutStoreOnSqliteTest() {
    super(TestDatabases.sqlite());
  }
}
