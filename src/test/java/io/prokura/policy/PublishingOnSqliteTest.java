package io.prokura.policy;

import io.prokura.sql.TestDatabases;

final class PublishingOnSqliteTest extends PublishingContract {
  PublishingOnSqliteTest() {
    super(TestDatabases.sqlite());
  }
}
