package io.prokura.sql;

import io.prokura.kernel.Outage;
import java.util.Arrays;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationState;

/// Brings a database's schema to what this program knows.
final class Migrations {
  private Migrations() {}

  static void apply(DataSource source, Dialect dialect) {
    try {
      var flyway = flyway(source, dialect);
      refuseNewer(flyway);
      flyway.migrate();
    } catch (FlywayException e) {
      throw new Outage("cannot bring the database's schema up to date", e);
    }
  }

  private static Flyway flyway(DataSource source, Dialect dialect) {
    return Flyway.configure()
        .dataSource(source)
        .locations("classpath:db")
        .placeholders(dialect.types())
        .connectRetries(0)
        .load();
  }

  /// Throws [Outage] for a database whose schema this program does not know yet; changes nothing.
  static void refuseNewer(DataSource source, Dialect dialect) {
    try {
      refuseNewer(flyway(source, dialect));
    } catch (FlywayException e) {
      throw new Outage("cannot read the database's schema", e);
    }
  }

  private static void refuseNewer(Flyway flyway) {
    var newer =
        Arrays.stream(flyway.info().all())
            .filter(m -> m.getState() == MigrationState.FUTURE_SUCCESS)
            .map(m -> String.valueOf(m.getVersion()))
            .toList();
    if (!newer.isEmpty()) {
      throw new Outage(
          ("the database's schema is newer than this program (it has migration %s);"
                  + " start the newer program")
              .formatted(newer.getLast()));
    }
  }
}
