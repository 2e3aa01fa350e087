package io.prokura.passkeys;

import io.prokura.sql.TestDatabases;

final class PasskeysOnPostgresTest extends PasskeysContract {
  PasskeysOnPostgresTest() {
    super(TestDatabases.postgres());
  }
}
