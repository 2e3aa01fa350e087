package io.prokura.app;

import io.prokura.sql.TestDatabases;

final class CrashOnPostgresTest extends CrashContract {
  CrashOnPostgresTest() {
    super(1, "--database", TestDatabases.postgresUrl());
  }
}
