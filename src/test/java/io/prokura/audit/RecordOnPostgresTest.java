package io.prokura.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.kernel.Id;
import io.prokura.sql.TestDatabases;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class RecordOnPostgresTest extends RecordContract {
  RecordOnPostgresTest() {
    super(TestDatabases.postgres());
  }

  /// A transaction takes a serial number and commits after others that took greater ones.
  @Test
  void givesAPlaceToAnEntryThatBecomesVisibleLate() throws Exception {
    var inserted = new CountDownLatch(1);
    var others = new CountDownLatch(1);
    var late =
        CompletableFuture.supplyAsync(
            () ->
                database.inTransaction(
                    tx -> {
                      var id = record.audit.append(tx, event("late"));
                      inserted.countDown();
                      await(others);
                      return id;
                    }));
    await(inserted);
    var first = database.inTransaction(tx -> record.audit.append(tx, event("first")));
    var second = database.inTransaction(tx -> record.audit.append(tx, event("second")));
    assertThat(assigned()).isEqualTo(2);
    others.countDown();
    var third = late.get(20, TimeUnit.SECONDS);
    assertThat(assigned()).isEqualTo(3);
    assertThat(List.of(place(first), place(second), place(third))).containsExactly(0L, 1L, 2L);
  }

  private long assigned() {
    return database.inTransaction(tx -> PlaceStore.assign(tx, database.dialect(), 10));
  }

  private long place(Id.Entry id) {
    return database.read(tx -> EntryStore.find(tx, id)).orElseThrow().index();
  }

  private static Event event(String about) {
    return Event.about("thing.changed", about).build();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }
}
