package io.prokura.approvals;

import io.prokura.sql.TestDatabases;

final class ApprovalsOnPostgresTest extends ApprovalsContract {
  ApprovalsOnPostgresTest() {
    super(TestDatabases.postgres());
  }
}
