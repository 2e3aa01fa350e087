package io.prokura.audit;

import io.prokura.sql.TestDatabases;

final class LogKeyRotationOnSqliteTest extends LogKeyRotationContract {
  LogKeyRotationOnSqliteTest() {
    super(TestDatabases.sqlite());
  }
}
