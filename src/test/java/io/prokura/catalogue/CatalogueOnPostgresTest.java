package io.prokura.catalogue;

import io.prokura.sql.TestDatabases;

final class CatalogueOnPostgresTest extends CatalogueContract {
  CatalogueOnPostgresTest() {
    super(TestDatabases.postgres());
  }
}
