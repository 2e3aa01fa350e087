package io.prokura.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.kernel.Id;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import io.prokura.sql.TestDatabases;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class RetentionTest {
  private static final Duration KEPT = Duration.ofDays(30);

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.ofEpochSecond(1_800_000_000));
  private final World world = new World(now::get, new SecureRandom());

  @Test
  void forgetsFreeTextOnceItWasKeptLongEnoughAndBringsNothingBack() {
    try (var database = TestDatabases.sqlite()) {
      var record = new TestRecord(database, TestDatabases.folder(), world);
      var about = Id.Agent.random(world);
      database.inTransaction(
          tx -> record.audit.append(tx, Event.about("a", about).free("reason", "secret").build()));
      var retention = new Retention(database, world, KEPT);
      var written = now.get();
      now.set(written.plus(KEPT));
      retention.run();
      assertThat(readable(database)).as("kept for all of the time").isEqualTo(1);
      now.set(written.plus(KEPT).plusMillis(1));
      retention.run();
      assertThat(readable(database)).isZero();
      now.set(written);
      retention.run();
      assertThat(readable(database)).as("gone is gone").isZero();
    }
  }

  private static long readable(Database database) {
    return database.<Long>read(
        tx ->
            tx.one("SELECT count(*) FROM entry WHERE free IS NOT NULL", row -> row.number(1))
                .orElseThrow());
  }
}
