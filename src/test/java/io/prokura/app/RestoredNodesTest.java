package io.prokura.app;

import static io.prokura.app.Office.answer;
import static io.prokura.app.Office.token;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.kernel.World;
import io.prokura.sql.PostgresDatabase;
import io.prokura.sql.TestDatabases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Two nodes on one PostgreSQL that was put back: each has a checkpoint and a journal of its own,
/// and one may know more than the other.
@Timeout(240)
final class RestoredNodesTest {
  private final World world = new World(InstantSource.fixed(Instant.now()), new SecureRandom());
  private final Path first = TestDatabases.folder();
  private final Path second = TestDatabases.folder();
  private String url = TestDatabases.postgresUrl();

  private TestServer serve(Path folder) {
    return TestServer.start(PostgresDatabase.open(url, 8), folder, world, "");
  }

  private static String said(Path folder, String line) throws Exception {
    return AdminSocketTest.said(folder.resolve("data"), line + "\n");
  }

  private void state(Path from, Path to) throws Exception {
    for (var name : new String[] {"checkpoint", "checkpoint.journal"}) {
      Files.copy(from.resolve("state").resolve(name), to.resolve(name), REPLACE_EXISTING);
    }
  }

  private static void kill(TestServer at, Office office, Office.Member agent) {
    answer(at, office.step(at, at.operatorToken(), agent.id(), "kill"));
  }

  private static void shareMasterKey(Path from, Path to) throws Exception {
    Files.copy(from.resolve("secret"), to.resolve("secret"), COPY_ATTRIBUTES);
    Files.copy(from.resolve("secret/master.key"), to.resolve("secret/master.key"), COPY_ATTRIBUTES);
  }

  @Test
  void whatOnlyTheOtherNodesJournalKnowsIsAppliedToo() throws Exception {
    var known = TestDatabases.folder();
    Office office;
    String copy;
    try (var a = serve(first)) {
      office = Office.at(a);
    }
    shareMasterKey(first, second);
    copy = TestDatabases.postgresCopy(url);
    try (var a = serve(first);
        var b = serve(second)) {
      kill(a, office, office.victim());
      long size = Auditor.logSize(a);
      kill(a, office, office.victim());
      Eventually.holds("a longer log", () -> Auditor.logSize(a) > size);
      state(first, known);
      kill(b, office, office.lookup());
      long more = Auditor.logSize(a);
      kill(b, office, office.lookup());
      Eventually.holds("a longer log at b", () -> Auditor.logSize(b) > more);
    }
    // The first node was down when the second one went on.
    for (var name : new String[] {"checkpoint", "checkpoint.journal"}) {
      Files.copy(known.resolve(name), first.resolve("state").resolve(name), REPLACE_EXISTING);
    }

    url = TestDatabases.postgresCopy(copy);
    try (var a = serve(first)) {
      assertThat(a.ready()).isFalse();
      assertThat(said(first, "restore acknowledge")).contains("localhost:8420/log/2");
      assertThat(office.own(a, office.victim()).statusCode()).isEqualTo(400);
      var between = token(a, office.own(a, office.lookup()));
      try (var b = serve(second)) {
        assertThat(b.ready()).isFalse();
        assertThat(said(second, "restore")).contains("\"why\":\"ended\"");
        assertThat(office.own(b, office.triage()).statusCode()).isEqualTo(503);
        var done = b.object(said(second, "restore acknowledge"));
        assertThat(done.text("origin")).as("as the other one").hasValue("localhost:8420/log/2");
        assertThat(b.ready()).isTrue();
        assertThat(office.own(b, office.lookup()).statusCode()).isEqualTo(400);
        Eventually.holds("a to know", () -> !office.isActive(a, between));
        assertThat(office.own(a, office.lookup()).statusCode()).isEqualTo(400);
        assertThat(a.ready()).isTrue();
        assertThat(office.isActive(b, token(a, office.own(a, office.triage())))).isTrue();
        new Auditor(a, office.delegation()).findsLogIntact(a);
      }
      try (var b = serve(second)) {
        assertThat(b.ready()).as("it is not asked again").isTrue();
      }
    }
  }
}
