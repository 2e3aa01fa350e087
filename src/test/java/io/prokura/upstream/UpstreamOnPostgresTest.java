package io.prokura.upstream;

import io.prokura.sql.TestDatabases;

final class UpstreamOnPostgresTest extends UpstreamContract {
  UpstreamOnPostgresTest() {
    super(TestDatabases.postgres());
  }
}
