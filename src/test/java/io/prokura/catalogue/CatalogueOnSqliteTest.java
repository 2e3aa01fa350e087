package io.prokura.catalogue;

import io.prokura.sql.TestDatabases;

final class CatalogueOnSqliteTest extends CatalogueContract {
  CatalogueOnSqliteTest() {
    super(TestDatabases.sqlite());
  }
}
