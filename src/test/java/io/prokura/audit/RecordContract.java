package io.prokura.audit;

import static io.prokura.management.Answers.answer;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prokura.http.Request;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Outage;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.World;
import io.prokura.management.Caller;
import io.prokura.sql.Database;
import io.prokura.sql.TestDatabases;
import io.prokura.tlog.Bundle;
import io.prokura.tlog.LogPolicy;
import io.prokura.tlog.LogProof;
import io.prokura.tlog.LogReader;
import io.prokura.tlog.LogVerifier;
import io.prokura.tlog.NoteVerifier;
import io.prokura.tlog.Tile;
import io.prokura.tlog.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What the record must do on every database.
abstract class RecordContract {
  final Database database;
  private final Path folder = TestDatabases.folder();
  final TestRecord record;

  RecordContract(Database database) {
    this.database = database;
    record = new TestRecord(database, folder);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void provesEveryEntryOnceItIsIntegrated() throws Exception {
    var entries = new ArrayList<Id.Entry>();
    var sequencer = record.sequencer();
    for (int i = 0; i < 300; i++) {
      entries.add(append("thing.changed", "thing" + i));
      if (i % 97 == 0) {
        drain(sequencer);
      }
    }
    assertThat(receipt(sequencer, entries.getLast()).text("status")).contains("pending");
    drain(sequencer);
    var policy = LogPolicy.of(NoteVerifier.parse(record.key.vkey()));
    for (var entry : entries) {
      var receipt = receipt(sequencer, entry);
      assertThat(receipt.text("status")).contains("integrated");
      var proof = LogProof.parse(receipt.text("proof").orElseThrow().getBytes(UTF_8));
      var leaf = receipt.text("leaf").orElseThrow();
      assertThat(proof.verify(leaf.getBytes(UTF_8), policy).head().size()).isEqualTo(300);
      assertThatThrownBy(() -> proof.verify((leaf + " ").getBytes(UTF_8), policy))
          .isInstanceOf(io.prokura.tlog.InvalidException.class);
    }
    assertThat(LogVerifier.verify(reader(sequencer), policy)).isInstanceOf(Verdict.Intact.class);
  }

  @Test
  void losesNoEntryOfManyAppendersAndTwoSequencers() throws Exception {
    var one = record.sequencer();
    var two = record.sequencer();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<Future<?>>();
      for (int i = 0; i < 200; i++) {
        int number = i;
        all.add(threads.submit(() -> append("thing.changed", "thing" + number)));
      }
      for (var sequencer : new Sequencer[] {one, two}) {
        all.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 20; i++) {
                    tickOnce(sequencer);
                  }
                }));
      }
      for (var each : all) {
        each.get();
      }
    }
    drain(one);
    drain(two);
    assertThat(one.published()).isEqualTo(two.published());
    assertThat(one.published().head().size()).isEqualTo(200);
    assertThat(LogVerifier.verify(reader(one), NoteVerifier.parse(record.key.vkey())))
        .isInstanceOf(Verdict.Intact.class);
  }

  /// Losing the race to another sequencer is an outage of that run alone.
  private static void tickOnce(Sequencer sequencer) {
    try {
      sequencer.tick();
    } catch (Outage e) {
      assertThat(e).hasMessageContaining("failed");
    }
  }

  @Test
  void leavesNothingOfAnEntryWhoseTransactionFails() {
    assertThatThrownBy(
            () ->
                database.inTransaction(
                    tx -> {
                      record.audit.append(tx, Event.about("thing.changed", "x").build());
                      throw new IllegalStateException("after the append");
                    }))
        .hasMessage("after the append");
    var sequencer = record.sequencer();
    drain(sequencer);
    assertThat(sequencer.published().head().size()).isZero();
  }

  @Test
  void keepsPersonalDataOutOfTheLeafAndCommitsToIt() {
    var person = Id.User.random(record.world);
    var id =
        database.inTransaction(
            tx ->
                record.audit.append(
                    tx,
                    Event.about("user.registered", person)
                        .by(person)
                        .personal("email", "alice@example.com", person)
                        .free("reason", "because she asked")
                        .build()));
    var entry = database.read(tx -> EntryStore.find(tx, id)).orElseThrow();
    assertThat(entry.leaf())
        .doesNotContain("alice", "because", person.text())
        .contains("psn_", "\"nonce\"");
    var opened = opened(entry);
    assertThat(opened.object("email").orElseThrow().text("value")).contains("alice@example.com");
    assertThat(opened.object("reason").orElseThrow().text("value")).contains("because she asked");
    for (var name : new String[] {"email", "reason"}) {
      assertThat(commitment(entry, name)).isEqualTo(recomputed(opened, name));
    }
  }

  @Test
  void forgetsFreeTextOnceItHasBeenKeptLongEnough() {
    var made = record.world.now();
    var now = new AtomicReference<>(made);
    var world = new World(now::get, record.world.entropy());
    var later = new TestRecord(database, folder, world);
    var retention = new Retention(database, world, Duration.ofDays(30));
    var first = reasoned(later, "one");
    var second = reasoned(later, "two");
    now.set(made.plusMillis(1));
    var third = reasoned(later, "three");
    now.set(made.plus(Duration.ofDays(30)));
    retention.run();
    assertThat(free(first)).as("kept for thirty days, not less").contains("reason");
    now.set(now.get().plusMillis(1));
    retention.run();
    assertThat(free(first)).isEmpty();
    assertThat(free(second)).isEmpty();
    assertThat(free(third)).contains("reason");
    now.set(now.get().plusMillis(1));
    retention.run();
    assertThat(free(third)).isEmpty();
  }

  private Id.Entry reasoned(TestRecord into, String about) {
    var event = Event.about("thing.changed", about).free("reason", "because").build();
    return database.inTransaction(tx -> into.audit.append(tx, event));
  }

  private String free(Id.Entry id) {
    return database.read(tx -> EntryStore.find(tx, id)).orElseThrow().free();
  }

  @Test
  void forgetsAPersonButKeepsEveryProof() throws Exception {
    var person = Id.User.random(record.world);
    var id =
        database.inTransaction(
            tx ->
                record.audit.append(
                    tx,
                    Event.about("user.registered", person)
                        .personal("email", "alice@example.com", person)
                        .build()));
    var sequencer = record.sequencer();
    drain(sequencer);
    var before = receipt(sequencer, id);
    assertThat(database.<Boolean>inTransaction(tx -> record.persons.erase(tx, person))).isTrue();
    var entry = database.read(tx -> EntryStore.find(tx, id)).orElseThrow();
    assertThat(opened(entry).members()).isEmpty();
    assertThat(receipt(sequencer, id)).isEqualTo(before);
    assertThat(LogVerifier.verify(reader(sequencer), NoteVerifier.parse(record.key.vkey())))
        .isInstanceOf(Verdict.Intact.class);
    var later =
        database.inTransaction(
            tx -> record.audit.append(tx, Event.about("user.seen", person).build()));
    var again = database.read(tx -> EntryStore.find(tx, later)).orElseThrow();
    assertThat(about(again)).isNotEqualTo(about(entry));
  }

  /// Batches of any size, of one or many entries at a time: each entry has one place, the places
  /// have no gap, and an entry's place is the one its leaf is found at.
  @Test
  void givesEveryEntryOnePlaceWhateverTheBatches() {
    var random = new Random(7);
    var ids = new ArrayList<Id.Entry>();
    for (int round = 0; round < 30; round++) {
      int count = random.nextInt(4);
      for (int i = 0; i < count; i++) {
        ids.add(append("thing.changed", "thing-" + ids.size()));
      }
      int max = 1 + random.nextInt(5);
      database.inTransaction(tx -> PlaceStore.assign(tx, database.dialect(), max));
    }
    for (int i = 0; i < ids.size(); i++) {
      database.inTransaction(tx -> PlaceStore.assign(tx, database.dialect(), 3));
    }
    assertThat(database.<Long>read(PlaceStore::assigned)).isEqualTo(ids.size());
    var places = new TreeSet<Long>();
    for (var id : ids) {
      var entry = database.read(tx -> EntryStore.find(tx, id)).orElseThrow();
      places.add(entry.index());
      var leaf =
          database.<List<byte[]>>read(
              tx -> PlaceStore.leaves(tx, entry.index(), entry.index() + 1));
      assertThat(new String(leaf.getFirst(), UTF_8)).isEqualTo(entry.leaf());
    }
    assertThat(places).hasSize(ids.size()).first().isEqualTo(0L);
    assertThat(places.last()).isEqualTo(ids.size() - 1L);
    assertThatThrownBy(() -> database.read(tx -> PlaceStore.leaves(tx, 0, ids.size() + 1L)))
        .isInstanceOf(Outage.class);
  }

  @Test
  void repairsACrashBetweenAnyTwoEffectsByGoingOn() throws Exception {
    append("thing.changed", "one");
    drain(record.sequencer());
    append("thing.changed", "two");
    // Indices committed, nothing hashed yet: what a crash in between leaves.
    database.inTransaction(tx -> PlaceStore.assign(tx, database.dialect(), 10));
    var restarted = record.sequencer();
    drain(restarted);
    assertThat(restarted.published().head().size()).isEqualTo(2);
    // Stored, but neither written outside nor published: the start writes it.
    append("thing.changed", "three");
    var old = Files.readAllBytes(folder.resolve("outside/checkpoint"));
    drain(restarted);
    Files.write(folder.resolve("outside/checkpoint"), old);
    assertThat(record.sequencer().published().head().size()).isEqualTo(3);
    assertThat(Files.readAllBytes(folder.resolve("outside/checkpoint"))).isNotEqualTo(old);
  }

  @Test
  void refusesADatabaseOlderThanWhatWasPublished() throws Exception {
    append("thing.changed", "one");
    var sequencer = record.sequencer();
    drain(sequencer);
    append("thing.changed", "two");
    drain(sequencer);
    database.inTransaction(tx -> tx.run("UPDATE log_head SET size = 1 WHERE one = 1"));
    assertThatThrownBy(record::sequencer)
        .isInstanceOf(Outage.class)
        .hasMessageContaining("old copy");
  }

  private Id.Entry append(String type, String about) {
    return database.inTransaction(
        tx -> record.audit.append(tx, Event.about(type, about).number("n", 1).build()));
  }

  private static void drain(Sequencer sequencer) {
    for (int i = 0; i < 100 && sequencer.tick(); i++) {
      assertThat(i).isLessThan(99);
    }
    sequencer.tick();
  }

  private Json.Obj receipt(Sequencer sequencer, Id.Entry id) {
    var request =
        Request.to(Limits.standard(), "GET", "/api/v1/audit/x/receipt")
            .pathParameter("id", id.text())
            .build();
    var caller = new Caller(Id.User.random(record.world), Id.Token.next(record.world));
    return parsed(answer(record.api(sequencer).receipt(caller, request)).bodyText());
  }

  private Json.Obj opened(Entry entry) {
    return database.read(tx -> new Opening(record.world, record.seal, record.json).open(tx, entry));
  }

  private String commitment(Entry entry, String name) {
    return parsed(entry.leaf()).object("sealed").orElseThrow().text(name).orElseThrow();
  }

  private String about(Entry entry) {
    return parsed(entry.leaf()).text("about").orElseThrow();
  }

  private static String recomputed(Json.Obj opened, String name) {
    var field = opened.object(name).orElseThrow();
    var nonce = Base64.getUrlDecoder().decode(field.text("nonce").orElseThrow());
    var value = field.text("value").orElseThrow().getBytes(UTF_8);
    var both = java.util.Arrays.copyOf(nonce, nonce.length + value.length);
    System.arraycopy(value, 0, both, nonce.length, value.length);
    return Leaf.BASE64.encodeToString(Leaf.sha256(both));
  }

  private Json.Obj parsed(String text) {
    if (record.json.readObject(text.getBytes(UTF_8)) instanceof Ok(var object)) {
      return object;
    }
    throw new AssertionError("not an object: " + text);
  }

  private LogReader reader(Sequencer sequencer) {
    return new LogReader() {
      @Override
      public Optional<byte[]> checkpoint() {
        return Optional.of(sequencer.published().note().getBytes(UTF_8));
      }

      @Override
      public Optional<byte[]> tile(Tile tile) {
        return sequencer.tile(tile);
      }

      @Override
      public Optional<byte[]> entries(Bundle bundle) {
        return Optional.of(
            Bundle.encode(
                database.read(
                    tx -> PlaceStore.leaves(tx, bundle.start(), bundle.start() + bundle.width()))));
      }
    };
  }
}
