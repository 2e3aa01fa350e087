package io.prokura.sessions;

import io.prokura.sql.TestDatabases;

final class SessionsOnPostgresTest extends SessionsContract {
  SessionsOnPostgresTest() {
    super(TestDatabases.postgres());
  }
}
