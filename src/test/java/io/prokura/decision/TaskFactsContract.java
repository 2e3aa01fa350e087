package io.prokura.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.directory.Registers;
import io.prokura.feed.Feed;
import io.prokura.kernel.Id;
import io.prokura.sql.CountedDatabase;
import io.prokura.sql.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What is known of tasks must be the same on every database.
abstract class TaskFactsContract {
  private final Registers registers;
  private final Feed elsewhere;
  private final TaskFacts here;
  private final TaskFacts there;
  private final Id.Task task;

  TaskFactsContract(Database database) {
    registers = new Registers(database);
    elsewhere = new Feed(database, registers.world, Duration.ofSeconds(2));
    here = new TaskFacts(registers.world, database, registers.feed);
    there = new TaskFacts(registers.world, database, elsewhere);
    task = Id.Task.random(registers.world);
  }

  @AfterEach
  void close() {
    registers.close();
  }

  private boolean record(TaskFacts node, Id.Task of, String... words) {
    return registers.database.<Boolean>inTransaction(
        tx -> node.record(tx, of, new TreeSet<>(List.of(words))));
  }

  @Test
  void aFactIsSeenHereAtOnceAndElsewhereAsSoonAsItFollows() {
    assertThat(here.of(task)).isEmpty();
    assertThat(there.of(task)).isEmpty();
    record(here, task, "one", "two");
    assertThat(here.of(task)).containsExactly("one", "two");
    elsewhere.catchUp();
    assertThat(there.of(task)).containsExactly("one", "two");
    record(there, task, "three");
    registers.feed.catchUp();
    assertThat(here.of(task)).containsExactly("one", "three", "two");
  }

  @Test
  void aNodeThatStartsLaterKnowsThemToo() {
    record(here, task, "one");
    var later =
        new TaskFacts(
            registers.world,
            registers.database,
            new Feed(registers.database, registers.world, Duration.ofSeconds(2)));
    assertThat(later.of(task)).containsExactly("one");
  }

  @Test
  void aTaskWithoutFactsIsNeverReadWhereNothingIsRecordedAndOnceElsewhere() {
    var reads = new AtomicInteger();
    var node =
        new TaskFacts(
            registers.world, new CountedDatabase(registers.database, reads), registers.feed);
    int before = reads.get();
    assertThat(node.of(task)).isEmpty();
    assertThat(reads).hasValue(before);
    record(here, Id.Task.random(registers.world), "one");
    for (int i = 0; i < 10; i++) {
      assertThat(node.of(task)).isEmpty();
    }
    assertThat(reads).hasValue(before + 1);
  }

  @Test
  void anotherTaskKnowsNothing() {
    record(here, task, "one");
    assertThat(here.of(Id.Task.random(registers.world))).isEmpty();
  }

  @Test
  void factsGoADayAfterTheLast() {
    record(here, task, "one");
    pass(TaskFacts.KEPT.minusMinutes(1));
    record(here, task, "two");
    pass(TaskFacts.KEPT.minusMinutes(1));
    here.tick();
    assertThat(here.of(task)).containsExactly("one", "two");
    pass(Duration.ofMinutes(1));
    assertThat(here.of(task)).isEmpty();
    here.tick();
    assertThat(rows()).isZero();
    record(here, task, "three");
    assertThat(here.of(task)).containsExactly("three");
  }

  @Test
  void theSameFactAgainIsSeldomWrittenAndProlongs() {
    record(here, task, "one");
    long before = registers.database.read(Feed::head);
    record(here, task, "one");
    assertThat(registers.database.read(Feed::head)).isEqualTo(before);
    assertThat(here.has(task, new TreeSet<>(List.of("one")))).isTrue();
    pass(Duration.ofHours(2));
    assertThat(here.has(task, new TreeSet<>(List.of("one")))).isFalse();
    record(here, task, "one");
    pass(TaskFacts.KEPT.minusHours(1));
    assertThat(here.of(task)).containsExactly("one");
  }

  @Test
  void aTaskHasOnlySoMany() {
    for (int i = 0; i < TaskFacts.FACTS_MAX; i++) {
      assertThat(record(here, task, "f" + i)).isTrue();
    }
    assertThat(record(here, task, "more")).isFalse();
    assertThat(record(here, task, "f1")).isTrue();
    assertThat(here.of(task)).hasSize(TaskFacts.FACTS_MAX).doesNotContain("more");
  }

  @Test
  void noneIsLostWhenManyAreRecordedAtOnce() throws Exception {
    var work = new ArrayList<Callable<Boolean>>();
    for (int i = 0; i < 40; i++) {
      var word = "f" + i;
      var node = i % 2 == 0 ? here : there;
      work.add(() -> record(node, task, word));
    }
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (var done : threads.invokeAll(work)) {
        assertThat(done.get()).isTrue();
      }
    }
    elsewhere.catchUp();
    assertThat(here.of(task)).hasSize(40);
    assertThat(there.of(task)).hasSize(40);
  }

  private long rows() {
    return registers
        .database
        .read(tx -> tx.one("SELECT COUNT(*) FROM task", row -> row.number(1)))
        .orElseThrow();
  }

  private void pass(Duration time) {
    registers.now.updateAndGet(now -> now.plus(time));
    registers.feed.catchUp();
    elsewhere.catchUp();
  }
}
