package io.prokura.approvals;

import io.prokura.sql.TestDatabases;

final class ApprovalsOnSqliteTest extends ApprovalsContract {
  ApprovalsOnSqliteTest() {
    super(TestDatabases.sqlite());
  }
}
