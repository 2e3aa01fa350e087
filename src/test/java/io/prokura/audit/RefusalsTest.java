package io.prokura.audit;

import static io.prokura.kernel.Refusal.CLIENT_NOT_AUTHENTICATED;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.sql.TestDatabases;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Refusals of strangers are on record with their numbers, and strangers can't fill the disk.
final class RefusalsTest {
  private final TestRecord record = new TestRecord(TestDatabases.sqlite(), TestDatabases.folder());
  private final Refusals refusals = new Refusals(record.database, record.audit);

  @AfterEach
  void close() {
    record.database.close();
  }

  private long entries() {
    return record.database.<Long>read(
        tx -> tx.one("SELECT count(*) FROM entry", row -> row.number(1)).orElseThrow());
  }

  @Test
  void becomeOneEntryForEachSourceAndReason() {
    for (int i = 0; i < 100; i++) {
      refusals.count("token", CLIENT_NOT_AUTHENTICATED, "127.0.0." + i % 3);
    }
    refusals.tick();
    assertThat(entries()).isEqualTo(3);
    refusals.tick();
    assertThat(entries()).isEqualTo(3);
  }

  @Test
  void areCountedFurtherWhenTheyAreTooMany() {
    for (int second = 0; second < 600; second++) {
      for (int i = 0; i < 50; i++) {
        refusals.count("token", CLIENT_NOT_AUTHENTICATED, "127.0." + second % 100 + "." + i);
      }
      refusals.tick();
    }
    assertThat(entries()).isLessThanOrEqualTo(60 + 600 / 10);
  }
}
