package io.prokura.upstream;

import io.prokura.sql.TestDatabases;

final class UpstreamOnSqliteTest extends UpstreamContract {
  UpstreamOnSqliteTest() {
    super(TestDatabases.sqlite());
  }
}
