package io.prokura.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prokura.kernel.Outage;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import io.prokura.sql.PostgresDatabase;
import io.prokura.sql.TestDatabases;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class FeedTest {
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final World world = new World(now::get, new Random(1));

  @Test
  void hasAppliedAChangeWhenItsTransactionReturns() {
    try (var database = TestDatabases.sqlite()) {
      var feed = feed(database);
      var seen = new ArrayList<Change>();
      feed.follow("agent", seen::add);
      long number = database.inTransaction(tx -> feed.publish(tx, "agent", "agt_1"));
      database.inTransaction(tx -> feed.publish(tx, "other", "x"));
      assertThat(seen).containsExactly(new Change(number, "agent", "agt_1"));
      assertThat(feed.applied()).isEqualTo(number + 1);
    }
  }

  @Test
  void showsEveryNodeEveryChangeInOneOrderWithoutGaps() throws Exception {
    var url = TestDatabases.postgresUrl();
    try (var one = PostgresDatabase.open(url, 6);
        var two = PostgresDatabase.open(url, 6);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var feeds = new Feed[] {feed(one), feed(two)};
      var databases = new Database[] {one, two};
      var seen = new ArrayList<ArrayList<Long>>();
      for (var feed : feeds) {
        var numbers = new ArrayList<Long>();
        seen.add(numbers);
        feed.follow("k", change -> numbers.add(change.number()));
      }
      var all = new ArrayList<java.util.concurrent.Future<Long>>();
      for (int i = 0; i < 60; i++) {
        int node = i % 2;
        all.add(
            threads.submit(
                () -> databases[node].inTransaction(tx -> feeds[node].publish(tx, "k", "x"))));
      }
      for (var each : all) {
        each.get();
      }
      feeds[0].catchUp();
      feeds[1].catchUp();
      assertThat(seen.get(0)).hasSize(60).isSorted().isEqualTo(seen.get(1));
    }
  }

  @Test
  void isNotCurrentWhenItHasNotFollowedForTooLong() {
    try (var database = TestDatabases.sqlite()) {
      var feed = feed(database);
      assertThat(feed.isCurrent()).isTrue();
      now.set(Instant.EPOCH.plusSeconds(2));
      assertThat(feed.isCurrent()).isTrue();
      now.set(Instant.EPOCH.plusSeconds(2).plusMillis(1));
      assertThat(feed.isCurrent()).isFalse();
      feed.catchUp();
      assertThat(feed.isCurrent()).isTrue();
      now.set(Instant.EPOCH.plusMillis(1));
      assertThat(feed.isCurrent()).isTrue();
      now.set(Instant.EPOCH);
      assertThat(feed.isCurrent()).as("put back by more than the bound").isFalse();
    }
  }

  /// A standby that took over without having been told everything gives the same numbers anew.
  @Test
  void followsNoDatabaseThatHasLostWhatItHasApplied() {
    try (var database = TestDatabases.sqlite()) {
      var feed = feed(database);
      for (var id : List.of("agt_1", "agt_2")) {
        database.inTransaction(tx -> feed.publish(tx, "agent", id));
      }
      database.inTransaction(tx -> tx.run("DELETE FROM feed_change WHERE seq = 2"));
      assertThatThrownBy(feed::catchUp).isInstanceOf(Outage.class).hasMessageContaining("lost");
      database.inTransaction(
          tx -> {
            tx.run("INSERT INTO feed_change (seq, kind, id) VALUES (2, 'agent', 'agt_3')");
            return tx.run("INSERT INTO feed_change (seq, kind, id) VALUES (3, 'agent', 'agt_4')");
          });
      now.set(Instant.EPOCH.plusSeconds(3));
      assertThatThrownBy(feed::catchUp).isInstanceOf(Outage.class).hasMessageContaining("lost");
      assertThat(feed.isCurrent()).isFalse();
    }
  }

  @Test
  void forgetsACachedThingWhenItChangesAndNeverKeepsWhatWasReadBeforeTheChange() {
    try (var database = TestDatabases.sqlite()) {
      var feed = feed(database);
      var loads = new AtomicInteger();
      var state = new AtomicReference<>("active");
      var racing = new AtomicReference<Runnable>(() -> {});
      var cached =
          new Cached<String>(
              feed,
              "agent",
              10,
              _ -> {
                loads.incrementAndGet();
                var read = Optional.of(state.get());
                racing.getAndSet(() -> {}).run();
                return read;
              });
      assertThat(cached.get("a")).contains("active");
      assertThat(cached.get("a")).contains("active");
      assertThat(loads).hasValue(1);
      database.inTransaction(tx -> feed.publish(tx, "agent", "a"));
      racing.set(
          () -> {
            state.set("suspended");
            database.inTransaction(tx -> feed.publish(tx, "agent", "a"));
          });
      assertThat(cached.get("a")).contains("active");
      assertThat(cached.get("a")).contains("suspended");
      assertThat(loads).hasValue(3);
    }
  }

  private Feed feed(Database database) {
    return new Feed(database, world, Duration.ofSeconds(2));
  }
}
