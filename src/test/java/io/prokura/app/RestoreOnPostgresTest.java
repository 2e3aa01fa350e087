package io.prokura.app;

import io.prokura.sql.PostgresDatabase;
import io.prokura.sql.TestDatabases;
import java.util.concurrent.atomic.AtomicReference;

final class RestoreOnPostgresTest extends RestoreContract {
  RestoreOnPostgresTest() {
    super(copies(new AtomicReference<>(TestDatabases.postgresUrl()), new AtomicReference<>("")));
  }

  private static Copies copies(AtomicReference<String> database, AtomicReference<String> backup) {
    return new Copies(
        () -> PostgresDatabase.open(database.get(), 8),
        () -> backup.set(TestDatabases.postgresCopy(database.get())),
        () -> database.set(TestDatabases.postgresCopy(backup.get())));
  }
}
