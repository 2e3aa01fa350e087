package io.prokura.app;

import io.prokura.sql.Database;
import io.prokura.sql.PostgresDatabase;
import io.prokura.sql.TestDatabases;

final class UpstreamSessionsOnPostgresTest extends UpstreamSessionsContract {
  private final String url = TestDatabases.postgresUrl();

  @Override
  Database open() {
    return PostgresDatabase.open(url, 8);
  }
}
