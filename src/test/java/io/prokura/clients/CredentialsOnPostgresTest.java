package io.prokura.clients;

import io.prokura.sql.TestDatabases;

final class CredentialsOnPostgresTest extends CredentialsContract {
  CredentialsOnPostgresTest() {
    super(TestDatabases.postgres());
  }
}
