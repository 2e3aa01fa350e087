package io.prokura.passkeys;

import io.prokura.sql.TestDatabases;

final class SigningOnPostgresTest extends SigningContract {
  SigningOnPostgresTest() {
    super(TestDatabases.postgres());
  }
}
