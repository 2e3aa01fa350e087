package io.prokura.passkeys;

import io.prokura.sql.TestDatabases;

final class PasskeysOnSqliteTest extends PasskeysContract {
  PasskeysOnSqliteTest() {
    super(TestDatabases.sqlite());
  }
}
