package io.prokura.audit;

import io.prokura.sql.TestDatabases;

final class LogKeyRotationOnPostgresTest extends LogKeyRotationContract {
  LogKeyRotationOnPostgresTest() {
    super(TestDatabases.postgres());
  }
}
