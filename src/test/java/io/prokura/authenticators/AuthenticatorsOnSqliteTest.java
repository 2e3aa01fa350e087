package io.prokura.authenticators;

import io.prokura.sql.TestDatabases;

final class AuthenticatorsOnSqliteTest extends AuthenticatorsContract {
  AuthenticatorsOnSqliteTest() {
    super(TestDatabases.sqlite());
  }
}
