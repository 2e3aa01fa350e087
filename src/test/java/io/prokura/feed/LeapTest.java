package io.prokura.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prokura.kernel.Outage;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import io.prokura.sql.TestDatabases;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The feed of a restored database leaves out the numbers that may have been given out, and never
/// goes back.
final class LeapTest {
  private final World world = new World(InstantSource.system(), new SecureRandom());
  private final Database database = TestDatabases.sqlite();
  private final Feed feed = new Feed(database, world, Duration.ofSeconds(2));

  @AfterEach
  void end() {
    database.close();
  }

  private long publish() {
    return database.<Long>inTransaction(tx -> feed.publish(tx, "kind", "id"));
  }

  @Test
  void itGoesOnBehindTheLeapWithoutAGap() {
    List<Long> seen = new ArrayList<>();
    feed.follow("kind", change -> seen.add(change.number()));
    publish();
    long after =
        database.<Long>inTransaction(
            tx -> {
              feed.leap(tx, 1L << 40);
              return feed.publish(tx, "kind", "id");
            });
    assertThat(after).isEqualTo((1L << 40) + 1);
    assertThat(feed.applied()).isEqualTo(after);
    assertThat(publish()).isEqualTo(after + 1);
    assertThat(seen).containsExactly(1L, after, after + 1);
  }

  @Test
  void aLeapNeverGoesBack() {
    for (int i = 0; i < 5; i++) {
      publish();
    }
    database.inTransaction(
        tx -> {
          feed.leap(tx, 2);
          return 0;
        });
    assertThat(publish()).isEqualTo(6);
  }

  @Test
  void aDatabasePutBackUnderARunningNodeIsNotFollowed() {
    publish();
    publish();
    database.inTransaction(
        tx -> {
          tx.run("DELETE FROM feed_change WHERE seq = 2");
          return tx.run("UPDATE feed_head SET seq = 1 WHERE one = 1");
        });
    assertThatThrownBy(feed::catchUp).isInstanceOf(Outage.class).hasMessageContaining("lost");
  }
}
