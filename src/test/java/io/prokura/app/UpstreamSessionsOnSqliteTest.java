package io.prokura.app;

import io.prokura.sql.Database;
import io.prokura.sql.TestDatabases;
import java.nio.file.Path;

final class UpstreamSessionsOnSqliteTest extends UpstreamSessionsContract {
  private final Path folder = TestDatabases.folder();

  @Override
  Database open() {
    return TestDatabases.sqlite(folder);
  }
}
