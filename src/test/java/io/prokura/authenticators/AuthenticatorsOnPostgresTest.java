package io.prokura.authenticators;

import io.prokura.sql.TestDatabases;

final class AuthenticatorsOnPostgresTest extends AuthenticatorsContract {
  AuthenticatorsOnPostgresTest() {
    super(TestDatabases.postgres());
  }
}
