package io.prokura.policy;

import io.prokura.sql.TestDatabases;

final class PublishingOnPostgresTest extends PublishingContract {
  PublishingOnPostgresTest() {
    super(TestDatabases.postgres());
  }
}
