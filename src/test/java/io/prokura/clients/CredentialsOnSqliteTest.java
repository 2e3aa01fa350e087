package io.prokura.clients;

import io.prokura.sql.TestDatabases;

final class CredentialsOnSqliteTest extends CredentialsContract {
  CredentialsOnSqliteTest() {
    super(TestDatabases.sqlite());
  }
}
