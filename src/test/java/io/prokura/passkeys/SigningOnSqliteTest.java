package io.prokura.passkeys;

import io.prokura.sql.TestDatabases;

final class SigningOnSqliteTest extends SigningContract {
  SigningOnSqliteTest() {
    super(TestDatabases.sqlite());
  }
}
