package io.prokura.directory;

import io.prokura.sql.TestDatabases;

final class DirectoryOnPostgresTest extends DirectoryContract {
  DirectoryOnPostgresTest() {
    super(TestDatabases.postgres());
  }
}
