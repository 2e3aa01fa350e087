package io.prokura.app;

import static io.prokura.app.Office.answer;
import static io.prokura.app.Office.token;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.audit.Persons;
import io.prokura.feed.Feed;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Outage;
import io.prokura.kernel.Result;
import io.prokura.kernel.World;
import io.prokura.seal.MasterKey;
import io.prokura.seal.MasterKeySource;
import io.prokura.sql.Database;
import io.prokura.sql.TestDatabases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A server whose database is put back from a backup: it notices, stays closed until somebody
/// acknowledges, and then nothing that had ended lives again. A subclass names the database.
@Timeout(240)
abstract class RestoreContract {
  private static final String CLOSED = "until its operator has acknowledged that";
  private static final Json REASON = Json.object().put("reason", "a test").build();

  private final Path folder = TestDatabases.folder();

  /// Time stands still, so that no node falls behind because the machine is slow.
  private final World world = new World(InstantSource.fixed(Instant.now()), new SecureRandom());

  private final AtomicReference<Database> database = new AtomicReference<>();
  private final Copies copies;
  private TestServer server;
  private final Office office;

  /// A database and its backup.
  ///
  /// @param open opens the database anew
  /// @param backUp copies the database, which nobody has open, over an earlier copy
  /// @param putBack puts the copy in the place of the database, which nobody has open
  record Copies(Supplier<Database> open, Runnable backUp, Runnable putBack) {}

  RestoreContract(Copies copies) {
    this.copies = copies;
    server = serve();
    office = Office.at(server);
  }

  private TestServer serve() {
    return TestServer.start(this::opened, folder, world, "");
  }

  private Database opened() {
    database.set(copies.open().get());
    return database.get();
  }

  @AfterEach
  void end() {
    server.close();
  }

  private void backUpAndGoOn() {
    server.close();
    copies.backUp().run();
    server = serve();
    assertThat(server.ready()).isTrue();
  }

  private void restore() {
    server.close();
    copies.putBack().run();
    server = serve();
  }

  private String said(String line) {
    try {
      return AdminSocketTest.said(folder.resolve("data"), line + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Json.Obj acknowledged() {
    var done = server.object(said("restore acknowledge"));
    assertThat(done.text("error")).as(done.toText()).isEmpty();
    assertThat(server.ready()).isTrue();
    return done;
  }

  private Path journal() {
    return folder.resolve("state/checkpoint.journal");
  }

  private String checkpoint() {
    return server.send(HttpRequest.newBuilder(server.uri("/log/checkpoint"))).body();
  }

  private static long cut(String token) {
    var claims = new String(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]), UTF_8);
    return Long.parseLong(claims.replaceFirst(".*\"cut\":([0-9]+).*", "$1"));
  }

  private long newestChange() {
    return database.get().<Long>read(Feed::head);
  }

  /// Erases a person as another node does.
  private void erase(String user) {
    var file = new MasterKeySource.File(InProcessServer.masterKey(folder), List.of());
    var feed = new Feed(database.get(), world, Duration.ofSeconds(2));
    var persons =
        new Persons(database.get(), world, MasterKey.open(file, world).seal(world, "record"), feed);
    assertThat(database.get().<Boolean>inTransaction(tx -> persons.erase(tx, new Id.User(user))))
        .isTrue();
    Eventually.holds("an erasure in the journal", () -> read(journal()).contains(" erased "));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void kill(Office.Member agent) {
    answer(server, office.step(server, server.operatorToken(), agent.id(), "kill"));
  }

  /// What the record still tells about a person, besides what nobody can read.
  private String opened(String entry) {
    var found = server.get("/api/v1/audit/" + entry, server.operatorToken());
    return answer(server, found).get("opened").orElseThrow().toText();
  }

  private String entryAbout(String user) {
    var found = server.get("/api/v1/audit?about=" + user, server.operatorToken());
    var items = (Json.Arr) answer(server, found).get("items").orElseThrow();
    return ((Json.Obj) items.items().getLast()).text("id").orElseThrow();
  }

  private boolean isActive(String token) {
    return office.isActive(server, token);
  }

  private boolean allows(String token) {
    var decided = answer(server, office.decide(server, "user", office.alice(), token));
    return decided.flag("decision").orElseThrow();
  }

  private void isClosed() {
    assertThat(server.ready()).isFalse();
    for (var path :
        List.of("/log/checkpoint", "/oauth2/jwks", "/metrics", "/api/v1/agents", "/openapi.json")) {
      var refused = server.get(path, "none");
      assertThat(refused.statusCode()).as(path).isEqualTo(503);
      assertThat(refused.body()).contains(CLOSED);
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
    }
    var token = office.own(server, office.triage());
    assertThat(token.statusCode()).isEqualTo(503);
    assertThat(token.body()).contains(CLOSED);
    assertThat(office.introspect(server, "x").statusCode()).isEqualTo(503);
    assertThat(office.decide(server, "user", office.alice(), "x").statusCode()).isEqualTo(503);
    assertThat(said("token")).contains("closed after a restore").doesNotContain("access_token");
    assertThat(said("rotate-log-key")).contains("closed after a restore");
    assertThat(said("rotate-master-key")).contains("closed after a restore");
    var live = server.send(HttpRequest.newBuilder(server.uri("/health/live")));
    assertThat(live.statusCode()).isEqualTo(200);
  }

  @Test
  void whatHadEndedStaysEnded() throws Exception {
    var before = token(server, office.own(server, office.triage()));
    var delegated = token(server, office.delegated(server));
    var aboutAlice = entryAbout(office.alice());
    assertThat(opened(aboutAlice)).contains("alice");
    backUpAndGoOn();
    long known = newestChange();
    kill(office.victim());
    server.done(
        "/api/v1/delegations/" + office.delegation() + "/revoke", server.operatorToken(), REASON);
    erase(office.alice());
    var late = token(server, office.own(server, office.triage()));
    assertThat(cut(late)).isGreaterThan(known);
    assertThat(isActive(before)).isTrue();
    assertThat(isActive(late)).isTrue();
    assertThat(read(journal())).doesNotContain(office.alice());
    var auditor = new Auditor(server, office.victim().id());
    auditor.keepsCheckpoint(server);

    restore();
    var published = Files.readString(folder.resolve("state/checkpoint"));
    isClosed();
    var plan = server.object(said("restore"));
    assertThat(plan.text("why")).hasValue("older");
    assertThat(plan.text("journal")).hasValue("sound");
    assertThat(plan.number("cutOffs")).hasValue(2L);
    assertThat(plan.number("erasures")).hasValue(1L);
    assertThat(plan.number("restoredSize").orElseThrow())
        .isLessThan(plan.number("publishedSize").orElseThrow());
    isClosed();
    assertThat(Files.readString(folder.resolve("state/checkpoint"))).isEqualTo(published);

    assertThat(acknowledged().text("origin")).hasValue("localhost:8420/log/2");
    assertThat(isActive(before)).isFalse();
    assertThat(isActive(late)).isFalse();
    assertThat(isActive(delegated)).isFalse();
    assertThat(allows(delegated)).isFalse();
    assertThat(office.own(server, office.victim()).statusCode()).isEqualTo(400);
    assertThat(office.delegated(server).statusCode()).isEqualTo(400);
    assertThat(opened(aboutAlice)).doesNotContain("alice");
    var next = token(server, office.own(server, office.triage()));
    assertThat(isActive(next)).isTrue();
    assertThat(cut(next)).isGreaterThan(cut(late));
    assertThat(said("restore acknowledge")).contains("no restore to acknowledge");
    theLogGoesOn(published);

    server.close();
    server = serve();
    assertThat(server.ready()).isTrue();
    assertThat(isActive(next)).isTrue();
    assertThat(isActive(late)).isFalse();
    theLogGoesOn(published);
  }

  /// The new log is whole, tells what happened, and the old one's last checkpoint is untouched.
  private void theLogGoesOn(String published) throws IOException {
    var continued = entryAbout("localhost:8420/log/2");
    var loud = new Auditor(server, continued);
    loud.findsAll(server, List.of(continued, office.victim().id()));
    loud.findsLogIntact(server);
    assertThat(checkpoint()).startsWith("localhost:8420/log/2\n");
    var entry = server.get("/api/v1/audit/" + continued, server.operatorToken());
    var facts = answer(server, entry).object("leaf").flatMap(leaf -> leaf.object("facts"));
    var lines = published.lines().toList();
    assertThat(facts.orElseThrow().text("publishedOrigin")).hasValue(lines.get(0));
    assertThat(facts.orElseThrow().number("publishedSize")).hasValue(Long.parseLong(lines.get(1)));
    assertThat(facts.orElseThrow().text("publishedRoot")).hasValue(lines.get(2));
    try (var files = Files.list(folder.resolve("state"))) {
      var ended = files.filter(file -> file.toString().contains(".ended-")).toList();
      assertThat(ended).hasSize(1);
      assertThat(Files.readString(ended.getFirst())).isEqualTo(published);
    }
  }

  /// What was published since the backup is lost, and its numbers stay its own.
  @Test
  void policiesAreThoseOfTheBackupAndNoNumberStandsForTwoTexts() {
    var policies = new RestoredPolicies(office);
    var publisher = Publisher.of(server);
    long kept = policies.publish(server, Publisher.open("kept"));
    var half = publisher.begun(Publisher.open("half"));
    backUpAndGoOn();
    long lost = policies.publish(server, Publisher.closed("lost"));
    long last = policies.publish(server, Publisher.open("last"));
    policies.decides(server, token(server, office.delegated(server)), last, true);
    kill(office.victim());

    restore();
    isClosed();
    acknowledged();
    assertThat(office.own(server, office.victim()).statusCode()).isEqualTo(400);
    assertThat(Publisher.of(server).live()).isEqualTo(kept);
    policies.decides(server, token(server, office.delegated(server)), kept, true);
    RestoredPolicies.isGone(server, lost);
    RestoredPolicies.isGone(server, last);
    var token = token(server, office.delegated(server));
    assertThat(Publisher.of(server).published(half).statusCode())
        .as("a draft of the backup, which nothing has overtaken")
        .isEqualTo(201);
    long next = policies.publish(server, Publisher.closed("next"));
    assertThat(next).isGreaterThan(last);
    policies.decides(server, token, next, false);
    RestoredPolicies.isGone(server, last);

    restore();
    acknowledged();
    assertThat(Publisher.of(server).live()).isEqualTo(kept);
    RestoredPolicies.isGone(server, next);
    assertThat(policies.publish(server, Publisher.closed("again"))).isGreaterThan(next);
    long back = policies.rollBack(server, kept);
    policies.decides(server, token(server, office.delegated(server)), back, true);
    server.close();
    server = serve();
    assertThat(Publisher.of(server).live()).isEqualTo(back);
  }

  @Test
  void theSameBackupCanBeRestoredAgain() {
    backUpAndGoOn();
    kill(office.victim());
    restore();
    acknowledged();
    var first = token(server, office.own(server, office.triage()));
    kill(office.lookup());
    restore();
    isClosed();
    var plan = server.object(said("restore"));
    assertThat(plan.number("cutOffs").orElseThrow()).isGreaterThanOrEqualTo(2);
    assertThat(acknowledged().text("origin")).hasValue("localhost:8420/log/3");
    assertThat(isActive(first)).isFalse();
    for (var agent : List.of(office.victim(), office.lookup())) {
      assertThat(office.own(server, agent).statusCode()).isEqualTo(400);
    }
    assertThat(isActive(token(server, office.own(server, office.triage())))).isTrue();
    new Auditor(server, entryAbout("localhost:8420/log/3")).findsLogIntact(server);
  }

  /// The server died between the answer and the next tree, so no checkpoint tells of the kill.
  @Test
  void aKillThatNoCheckpointTellsOfIsNoticed() throws Exception {
    var held = token(server, office.own(server, office.triage()));
    backUpAndGoOn();
    var state = folder.resolve("state/checkpoint");
    var published = read(state);
    kill(office.victim());
    server.close();
    write(state, published);
    copies.putBack().run();
    server = serve();
    isClosed();
    assertThat(server.object(said("restore")).text("why")).hasValue("older");
    acknowledged();
    assertThat(office.own(server, office.victim()).statusCode()).isEqualTo(400);
    assertThat(isActive(held)).isFalse();
    server.close();
    server = serve();
    assertThat(server.ready()).as("acknowledged once and for all").isTrue();
  }

  @Test
  void aForkIsNoticed() throws Exception {
    backUpAndGoOn();
    kill(office.victim());
    var state = folder.resolve("state/checkpoint");
    server.close();
    var published = Files.readString(state);
    var told = read(journal());
    Files.delete(state);
    Files.delete(journal());
    copies.putBack().run();
    // Without the files outside nobody notices; the log goes another way.
    server = serve();
    assertThat(server.ready()).isTrue();
    for (int i = 0; i < 10; i++) {
      kill(office.lookup());
    }
    Eventually.holds(
        "a log that is longer",
        () -> Auditor.logSize(server) > Long.parseLong(published.lines().toList().get(1)));
    server.close();
    write(state, published);
    write(journal(), told);
    server = serve();
    isClosed();
    assertThat(server.object(said("restore")).text("why")).hasValue("forked");
    acknowledged();
    assertThat(office.own(server, office.victim()).statusCode()).isEqualTo(400);
  }

  @Test
  void aJournalThatIsNotWholeIsNotPassedOver() throws Exception {
    backUpAndGoOn();
    kill(office.victim());
    kill(office.lookup());
    restore();
    var whole = read(journal());

    Files.delete(journal());
    assertThat(said("restore acknowledge")).contains("is missing").contains("conflict");
    write(journal(), whole.replaceFirst("journal 1 .", "journal 1 !"));
    assertThat(said("restore acknowledge")).contains("is foreign");
    write(journal(), whole.replace(office.victim().id(), office.triage().id()));
    assertThat(said("restore acknowledge")).contains("is damaged");
    write(journal(), whole.replaceFirst("cutoff", "cutofg"));
    assertThat(said("restore acknowledge")).contains("is damaged");
    write(journal(), "nonsense");
    assertThat(said("restore acknowledge")).contains("is damaged");
    isClosed();

    // The last line was not written to its end: it was never answered.
    write(journal(), whole.substring(0, whole.length() - 10));
    var plan = server.object(said("restore"));
    assertThat(plan.text("journal")).hasValue("sound");
    assertThat(plan.flag("journalTorn")).hasValue(true);
    assertThat(plan.number("cutOffs")).hasValue(1L);
    acknowledged();
    assertThat(office.own(server, office.victim()).statusCode()).isEqualTo(400);
    assertThat(office.own(server, office.lookup()).statusCode()).isEqualTo(200);
    assertThat(read(journal()).lines()).noneMatch(line -> line.contains(office.lookup().id()));
  }

  @Test
  void aLostJournalIsAcknowledgedAloud() throws Exception {
    backUpAndGoOn();
    kill(office.victim());
    var late = token(server, office.own(server, office.triage()));
    restore();
    write(journal(), read(journal()).replaceFirst("journal 1 .", "journal 1 !"));
    var done = server.object(said("restore acknowledge journal-lost"));
    assertThat(done.text("origin")).hasValue("localhost:8420/log/2");
    assertThat(server.ready()).isTrue();
    assertThat(isActive(late)).isFalse();
    try (var files = Files.list(folder.resolve("state"))) {
      assertThat(files.filter(file -> file.toString().contains("journal.aside-"))).hasSize(1);
    }
    server.close();
    server = serve();
    assertThat(server.ready()).isTrue();
    assertThat(isActive(late)).isFalse();
  }

  /// The process ends between any two effects of the acknowledgement.
  @Test
  void aCrashInBetweenIsMendedByTheNextStart() throws Exception {
    var aboutAlice = entryAbout(office.alice());
    backUpAndGoOn();
    kill(office.victim());
    erase(office.alice());
    var late = token(server, office.own(server, office.triage()));
    server.close();
    copies.putBack().run();
    var config = TestServer.config(folder, "http://localhost:8420", "");

    // Nothing is committed: everything is as before.
    var failing = new Breakable(copies.open().get());
    var first = App.wire(world, failing, config, Limits.standard());
    var outcome =
        failing.broken(
            () -> new Outage("the disk is gone"),
            () -> {
              try {
                return first.upkeep().restoration().acknowledge(false).toString();
              } catch (Outage e) {
                return "outage";
              }
            });
    assertThat(outcome).isEqualTo("outage");
    failing.close();
    server = serve();
    isClosed();
    server.close();

    // Committed, and nothing outside is written.
    var state = folder.resolve("state");
    var outside = TestDatabases.folder();
    copy(state, outside);
    var committed = copies.open().get();
    var second = App.wire(world, committed, config, Limits.standard());
    assertThat(second.upkeep().restoration().acknowledge(false)).isInstanceOf(Result.Ok.class);
    committed.close();
    assertThat(read(state.resolve("checkpoint"))).isEqualTo(read(outside.resolve("checkpoint")));
    server = serve();
    assertThat(server.ready()).isTrue();
    isEnded(late, aboutAlice);
    var written = read(journal());
    server.close();

    // The checkpoint is written, and the journal is not.
    write(journal(), read(outside.resolve("checkpoint.journal")));
    server = serve();
    assertThat(server.ready()).isTrue();
    isEnded(late, aboutAlice);
    assertThat(read(journal()).lines().toList()).containsAll(written.lines().toList());
  }

  private void isEnded(String late, String aboutAlice) {
    assertThat(isActive(late)).isFalse();
    assertThat(office.own(server, office.victim()).statusCode()).isEqualTo(400);
    assertThat(opened(aboutAlice)).doesNotContain("alice");
    assertThat(isActive(token(server, office.own(server, office.triage())))).isTrue();
    assertThat(said("restore acknowledge")).contains("no restore to acknowledge");
  }

  private static void copy(Path from, Path to) throws IOException {
    for (var name : List.of("checkpoint", "checkpoint.journal")) {
      Files.copy(from.resolve(name), to.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /// The crash comes between the commit of a kill and its line in the journal.
  @Test
  void whatTheJournalMissesIsWrittenAtTheNextStart() {
    kill(office.victim());
    var whole = read(journal());
    assertThat(whole).contains(office.victim().id());
    server.close();
    for (var left :
        List.of(
            whole.substring(0, whole.length() - 1),
            whole.substring(0, whole.lastIndexOf('\n', whole.length() - 2) + 1),
            whole.replace(office.victim().id(), office.triage().id()))) {
      write(journal(), left);
      server = serve();
      assertThat(server.ready()).isTrue();
      assertThat(read(journal())).isEqualTo(whole);
      server.close();
    }
    write(journal(), whole.replaceFirst("journal 1 .", "journal 1 !"));
    assertThat(Optional.of(refusedStart())).get().asString().contains("another server's");
    write(journal(), whole);
    server = serve();
  }

  private String refusedStart() {
    try (var started = serve()) {
      return "started " + started.issuer();
    } catch (Outage e) {
      return String.valueOf(e.getMessage());
    }
  }
}
