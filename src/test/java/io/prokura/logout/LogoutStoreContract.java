package io.prokura.logout;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.directory.Registers;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.sql.Database;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What the queue of those who are to be told must do on every database.
abstract class LogoutStoreContract {
  private final Registers at;
  private final Id.User alice;

  LogoutStoreContract(Database database) {
    at = new Registers(database);
    alice = at.user("alice").id();
  }

  @AfterEach
  void close() {
    at.close();
  }

  private LogoutNotice notice(Duration until) {
    var notice =
        new LogoutNotice(
            Id.Session.random(at.world),
            Id.Client.random(at.world),
            alice,
            0,
            at.now.get().plus(until));
    return at.done(
        tx -> {
          LogoutStore.insert(tx, notice);
          return Result.ok(notice);
        });
  }

  private List<LogoutNotice> due(int max) {
    return at.done(tx -> Result.ok(LogoutStore.due(tx, at.now.get(), max)));
  }

  private boolean isClaimed(LogoutNotice notice) {
    var next = notice.tried(at.now.get().plusSeconds(5));
    return at.done(tx -> Result.ok(LogoutStore.claim(tx, notice, next)));
  }

  @Test
  void ofTwoNodesThatSeeTheSameOneTakesIt() {
    var notice = notice(Duration.ZERO);
    assertThat(due(10)).containsExactly(notice);
    assertThat(isClaimed(notice)).isTrue();
    assertThat(isClaimed(notice)).as("by a node that saw it before").isFalse();
    assertThat(due(10)).isEmpty();
    at.now.updateAndGet(now -> now.plusSeconds(5));
    assertThat(due(10)).containsExactly(notice.tried(at.now.get()));
  }

  @Test
  void whoWaitsLongestComesFirst() {
    notice(Duration.ofSeconds(1));
    var second = notice(Duration.ofSeconds(-1));
    var first = notice(Duration.ofSeconds(-2));
    notice(Duration.ZERO);
    assertThat(due(2)).containsExactly(first, second);
    assertThat(due(10)).hasSize(3);
    boolean gone = at.done(tx -> Result.ok(LogoutStore.delete(tx, first)));
    assertThat(gone).isTrue();
    boolean again = at.done(tx -> Result.ok(LogoutStore.delete(tx, first)));
    assertThat(again).isFalse();
    assertThat(due(1)).containsExactly(second);
  }
}
