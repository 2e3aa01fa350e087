package io.prokura.directory;

import io.prokura.sql.TestDatabases;

final class DirectoryOnSqliteTest extends DirectoryContract {
  DirectoryOnSqliteTest() {
    super(TestDatabases.sqlite());
  }
}
