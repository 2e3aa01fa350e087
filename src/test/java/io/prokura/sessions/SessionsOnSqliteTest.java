package io.prokura.sessions;

import io.prokura.sql.TestDatabases;

final class SessionsOnSqliteTest extends SessionsContract {
  SessionsOnSqliteTest() {
    super(TestDatabases.sqlite());
  }
}
