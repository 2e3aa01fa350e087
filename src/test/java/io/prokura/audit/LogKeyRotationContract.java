package io.prokura.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.feed.Feed;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.sql.Database;
import io.prokura.sql.TestDatabases;
import io.prokura.tlog.InvalidException;
import io.prokura.tlog.LogPolicy;
import io.prokura.tlog.NoteVerifier;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The log's key is replaced in two steps, and whoever knows the old one can verify until the
/// second. A subclass names the database.
abstract class LogKeyRotationContract {
  private final Database database;
  private final TestRecord record;
  private final LogKeyRotation rotation;
  private final Id.User admin;

  LogKeyRotationContract(Database database) {
    this.database = database;
    record = new TestRecord(database, TestDatabases.folder());
    rotation = rotation(record);
    admin = Id.User.random(record.world);
  }

  private LogKeyRotation rotation(TestRecord of) {
    var feed = new Feed(database, of.world, Duration.ofSeconds(2));
    return new LogKeyRotation(database, feed, of.audit, of.key);
  }

  @AfterEach
  void end() {
    database.close();
  }

  private static boolean verifies(String note, String vkey) {
    try {
      LogPolicy.of(NoteVerifier.parse(vkey)).open(note.getBytes(UTF_8));
      return true;
    } catch (InvalidException e) {
      return false;
    }
  }

  private String grown(Sequencer sequencer) {
    database.inTransaction(
        tx -> record.audit.append(tx, Event.about("thing.changed", "x").build()));
    sequencer.run();
    return sequencer.published().note();
  }

  private static List<String> keys(Result<List<String>> result) {
    assertThat(result).isInstanceOf(Ok.class);
    return ((Ok<List<String>>) result).value();
  }

  @Test
  void bothKeysSignUntilTheOldOneGoes() {
    var sequencer = record.sequencer();
    var old = record.key.vkey();
    assertThat(verifies(grown(sequencer), old)).isTrue();
    assertThat(rotation.finish(admin)).isInstanceOf(Refused.class);

    var both = keys(rotation.begin(admin));
    assertThat(both).hasSize(2).startsWith(old);
    assertThat(record.key.vkey()).as("which others know").isEqualTo(old);
    assertThat(rotation.begin(admin)).as("twice").isInstanceOf(Refused.class);
    assertThat(rotation.finish(admin)).as("before it has signed").isInstanceOf(Refused.class);
    var during = grown(sequencer);
    assertThat(both).allMatch(vkey -> verifies(during, vkey));

    assertThat(keys(rotation.finish(admin))).containsExactly(both.getLast());
    var after = grown(sequencer);
    assertThat(verifies(after, both.getLast())).isTrue();
    assertThat(verifies(after, old)).isFalse();
    assertThat(record.key.vkeys()).containsExactly(both.getLast());
  }

  @Test
  void aRestartInBetweenChangesNothing() {
    grown(record.sequencer());
    var identity = record.key.identity();
    var old = record.key.vkey();
    var both = keys(rotation.begin(admin));
    // Nothing is signed by the new key yet: the stored checkpoint is the old one's alone.
    var second = new TestRecord(database, record.folder);
    assertThat(second.key.vkeys()).isEqualTo(both);
    assertThat(second.key.identity()).isEqualTo(identity);
    grown(second.sequencer());
    assertThat(keys(rotation(second).finish(admin))).containsExactly(both.getLast());
    // The file outside is signed by both, the stored key is one.
    var third = new TestRecord(database, record.folder);
    assertThat(third.key.vkeys()).containsExactly(both.getLast());
    assertThat(third.key.identity()).isEqualTo(identity);
    var note = grown(third.sequencer());
    assertThat(verifies(note, old)).isFalse();
    assertThat(third.sequencer().continuity()).isInstanceOf(Continuity.Intact.class);
  }

  @Test
  void anotherNodeLearnsOfIt() {
    var feed = new Feed(database, record.world, Duration.ofSeconds(2));
    var other = new TestRecord(database, record.folder);
    var follower = new LogKeyRotation(database, feed, other.audit, other.key);
    grown(record.sequencer());
    var both = keys(rotation.begin(admin));
    feed.catchUp();
    assertThat(other.key.vkeys()).isEqualTo(both);
    assertThat(follower.begin(admin)).isInstanceOf(Refused.class);
  }
}
