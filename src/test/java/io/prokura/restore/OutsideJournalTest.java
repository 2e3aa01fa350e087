package io.prokura.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prokura.feed.Change;
import io.prokura.feed.Feed;
import io.prokura.kernel.Id;
import io.prokura.kernel.Outage;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import io.prokura.sql.TestDatabases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The journal is a file of lines that each prove themselves, made from what was committed.
final class OutsideJournalTest {
  private static final String ME = "identity";

  private final World world = new World(InstantSource.system(), new SecureRandom());
  private final Database database = TestDatabases.sqlite();
  private final Feed feed = new Feed(database, world, Duration.ofSeconds(2));
  private final Path file = TestDatabases.folder().resolve("state/journal");

  @AfterEach
  void end() {
    database.close();
  }

  private OutsideJournal journal() {
    return new OutsideJournal(database, file, ME);
  }

  private long publish(String kind, Id id) {
    return database.<Long>inTransaction(tx -> feed.publish(tx, kind, id.text()));
  }

  @Test
  void everyCutOffAndErasureIsALineAndNothingElse() throws Exception {
    var journal = journal();
    journal.start();
    var agent = Id.Agent.random(world);
    var person = Id.User.random(world);
    publish("agent", agent);
    long cutOff = publish("cutoff", agent);
    publish("cutoff", Id.Token.next(world));
    long erased = publish("person", person);
    long ended = publish("cutoff", person);
    journal.flush();
    journal.flush();
    assertThat(journal.read().lines())
        .extracting(JournalLine::number)
        .containsExactly(cutOff, erased, ended);
    var text = Files.readString(file);
    assertThat(text).contains(agent.text()).doesNotContain(person.text());
    assertThat(journal().read().state()).isEqualTo(OutsideJournal.State.SOUND);
  }

  @Test
  void whatIsTornIsCutOffAndWrittenAgain() throws Exception {
    var journal = journal();
    journal.start();
    var first = Id.Agent.random(world);
    publish("cutoff", first);
    publish("cutoff", Id.Agent.random(world));
    journal.flush();
    var whole = Files.readString(file);
    int second = whole.lastIndexOf('\n', whole.length() - 2) + 1;
    for (int end = second; end < whole.length(); end++) {
      Files.writeString(file, whole.substring(0, end));
      assertThat(journal().read().torn()).isEqualTo(end > second);
      assertThat(journal().read().lines()).hasSize(1);
      journal().start();
      assertThat(Files.readString(file)).isEqualTo(whole);
    }
  }

  @Test
  void aChangedCharacterAnywhereIsNoticed() throws Exception {
    var journal = journal();
    journal.start();
    publish("cutoff", Id.Agent.random(world));
    journal.flush();
    var whole = Files.readString(file);
    for (int i = 0; i < whole.length() - 1; i++) {
      var changed = new StringBuilder(whole);
      changed.setCharAt(i, whole.charAt(i) == 'x' ? 'y' : 'x');
      Files.writeString(file, changed);
      assertThat(journal().read().state())
          .as("character " + i)
          .isNotEqualTo(OutsideJournal.State.SOUND);
    }
  }

  @Test
  void aJournalOfAnotherServerIsNotWrittenTo() throws Exception {
    new OutsideJournal(database, file, "another").start();
    var before = Files.readString(file);
    assertThatThrownBy(() -> journal().start())
        .isInstanceOf(Outage.class)
        .hasMessageContaining("another server's");
    assertThat(Files.readString(file)).isEqualTo(before);
    var line = new JournalLine(7, "cutoff", "agt_x");
    assertThat(JournalLine.parse(line.text("another"), ME)).isEmpty();
    assertThat(JournalLine.parse(line.text(ME), ME)).contains(line);
  }

  @Test
  void twoNodesMayShareAFile() throws Exception {
    var nodes = List.of(journal(), journal());
    nodes.forEach(OutsideJournal::start);
    try (var threads = Executors.newFixedThreadPool(2)) {
      for (int i = 0; i < 20; i++) {
        publish("cutoff", Id.Agent.random(world));
        var flushed = nodes.stream().map(node -> threads.submit(node::flush)).toList();
        for (var one : flushed) {
          one.get(30, TimeUnit.SECONDS);
        }
      }
    }
    var contents = journal().read();
    assertThat(contents.state()).isEqualTo(OutsideJournal.State.SOUND);
    assertThat(contents.lines().stream().map(JournalLine::number).distinct()).hasSize(20);
  }

  @Test
  void whatCannotBeWrittenIsToldAndWrittenLater() throws Exception {
    var journal = journal();
    journal.start();
    var aside = file.resolveSibling("aside");
    Files.move(file, aside);
    Files.createDirectory(file);
    feed.confirm("cutoff", journal::flush);
    assertThatThrownBy(() -> publish("cutoff", Id.Agent.random(world))).isInstanceOf(Outage.class);
    Files.delete(file);
    Files.move(aside, file);
    journal.flush();
    assertThat(journal.read().lines()).hasSize(1);
  }

  @Test
  void aLineTellsOfOneChange() {
    var agent = Id.Agent.random(world).text();
    var line = JournalLine.of(new Change(3, "cutoff", agent)).orElseThrow();
    assertThat(line.tellsOf(new Change(3, "cutoff", agent))).isTrue();
    assertThat(line.tellsOf(new Change(4, "cutoff", agent))).isFalse();
    assertThat(line.tellsOf(new Change(3, "person", agent))).isFalse();
    assertThat(line.tellsOf(new Change(3, "cutoff", Id.Agent.random(world).text()))).isFalse();
  }
}
