package io.prokura.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.audit.FreeKeyStore;
import io.prokura.audit.Persons;
import io.prokura.feed.Feed;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Outage;
import io.prokura.kernel.World;
import io.prokura.seal.MasterKey;
import io.prokura.seal.MasterKeySource;
import io.prokura.seal.Rewrap;
import io.prokura.seal.Seal;
import io.prokura.sql.Database;
import io.prokura.sql.TestDatabases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A rotation of the master key that ends anywhere is gone on with, and the old key goes last.
final class MasterKeyRotationTest {
  private static final byte[] OWNER = "owner".getBytes(UTF_8);

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.ofEpochSecond(1_800_000_000));
  private final World world = new World(now::get, new SecureRandom());
  private final Database database = TestDatabases.sqlite();
  private final Path file = TestDatabases.folder().resolve("secret/master.key");
  private final MasterKey master = open();
  private final List<byte[]> things = new ArrayList<>();
  private final AtomicInteger batches = new AtomicInteger();
  private int failsAt = Integer.MAX_VALUE;
  private final Id.User admin = Id.User.random(world);

  private MasterKey open() {
    return MasterKey.open(new MasterKeySource.File(file, List.of()), world);
  }

  private MasterKeyRotation rotation(MasterKey key, Duration grace) {
    var seal = key.seal(world, "record");
    var persons =
        new Persons(database, world, seal, new Feed(database, world, Duration.ofSeconds(2)));
    var audit = new AuditLog(world, seal, persons, Limits.standard(), database.dialect());
    var mine = key.seal(world, "test");
    var kind = new Rewrap(List.of("0"), (_, after) -> batch(mine, after.getFirst()));
    return new MasterKeyRotation(
        key, database, world, audit, List.of(kind, persons.rewrap()), grace);
  }

  /// One thing at a time.
  private Rewrap.Step batch(Seal seal, String after) {
    if (batches.incrementAndGet() > failsAt) {
      throw new Outage("the process ends here");
    }
    int at = Integer.parseInt(after);
    var item = new Rewrap.Item(List.of(String.valueOf(at + 1)), things.get(at), OWNER);
    var step =
        Rewrap.again(
            seal,
            List.of(item),
            1,
            (_, wrapped) -> {
              things.set(at, wrapped);
              return 1;
            });
    return at + 1 < things.size() ? step : new Rewrap.Step(List.of(), step.wrapped());
  }

  @AfterEach
  void end() {
    database.close();
  }

  private void wrapThings(int count) {
    for (int i = 0; i < count; i++) {
      things.add(master.seal(world, "test").wrap(new byte[] {(byte) i}, OWNER));
    }
  }

  private void allAreRead() {
    var seal = open().seal(world, "test");
    for (int i = 0; i < things.size(); i++) {
      assertThat(seal.unwrap(things.get(i), OWNER)).containsExactly(i);
    }
  }

  private List<String> generations() throws Exception {
    return Files.readAllLines(file);
  }

  @Test
  void aCrashAnywhereIsGoneOnWithAtTheNextStart() throws Exception {
    wrapThings(5);
    var old = generations().getFirst();
    for (int crash = 0; crash < 11; crash++) {
      batches.set(0);
      failsAt = crash;
      var running = open();
      var rotation = rotation(running, Duration.ZERO);
      boolean ended = false;
      try {
        ended = rotation.rotate(admin).done();
      } catch (Outage e) {
        assertThat(generations().size()).isGreaterThan(1);
      }
      allAreRead();
      failsAt = Integer.MAX_VALUE;
      var next = open();
      rotation(next, Duration.ZERO).tick();
      assertThat(generations()).hasSize(1).doesNotContain(old);
      assertThat(next.isBeingReplaced()).isFalse();
      allAreRead();
      assertThat(ended).as("two passes are ten batches").isEqualTo(crash >= 10);
    }
  }

  @Test
  void theOldKeyStaysUntilOtherNodesHadTimeToLearn() throws Exception {
    wrapThings(2);
    var rotation = rotation(master, Duration.ofSeconds(60));
    assertThat(rotation.rotate(admin).done()).isFalse();
    now.set(now.get().plusSeconds(59));
    rotation.tick();
    assertThat(generations()).hasSize(2);
    // Another node has not learnt of it yet and wraps under the old one.
    now.set(now.get().plusSeconds(1));
    rotation.tick();
    assertThat(generations()).hasSize(1);
    allAreRead();
  }

  @Test
  void nothingHappensWithoutARotation() throws Exception {
    wrapThings(1);
    var before = generations();
    rotation(master, Duration.ZERO).tick();
    assertThat(generations()).isEqualTo(before);
    assertThat(batches).hasValue(0);
  }

  @Test
  void whatOpensUnderNoKeyStopsItBeforeAKeyIsLost() throws Exception {
    wrapThings(1);
    var foreign =
        MasterKey.open(
            new MasterKeySource.File(TestDatabases.folder().resolve("k/master.key"), List.of()),
            world);
    things.add(foreign.seal(world, "test").wrap(new byte[] {1}, OWNER));
    assertThatThrownBy(() -> rotation(master, Duration.ZERO).rotate(admin))
        .hasMessageContaining("not held");
    assertThat(generations()).hasSize(2);
  }

  /// Entries are made before their transaction, so the key may have been replaced in between.
  @Test
  void anEntryMadeBeforeTheSwitchIsStoredUnderTheNewKey() {
    var seal = master.seal(world, "record");
    var persons =
        new Persons(database, world, seal, new Feed(database, world, Duration.ofSeconds(2)));
    var audit = new AuditLog(world, seal, persons, Limits.standard(), database.dialect());
    var event = Event.about("thing.changed", "one").free("reason", "because").build();
    var before = audit.leaf(event);
    database.inTransaction(tx -> audit.append(tx, event));
    master.add();
    database.inTransaction(tx -> audit.append(tx, before));
    var kind = new FreeKeyStore(seal, new JsonReader(Limits.standard())).rewrap();
    var step = database.inTransaction(tx -> kind.batch().run(tx, kind.start()));
    assertThat(step.wrapped()).as("the one that was stored before the switch").isEqualTo(1);
  }
}
