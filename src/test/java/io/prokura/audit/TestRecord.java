package io.prokura.audit;

import io.prokura.feed.Feed;
import io.prokura.jose.Crypto;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Limits;
import io.prokura.kernel.World;
import io.prokura.seal.MasterKey;
import io.prokura.seal.MasterKeySource;
import io.prokura.seal.Seal;
import io.prokura.sql.Database;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// A record on a database, wired as the server wires it.
final class TestRecord {
  final World world;
  final Database database;
  final Path folder;
  final Seal seal;
  final Persons persons;
  final AuditLog audit;
  final LogKey key;
  final OutsideCheckpoint outside;
  final JsonReader json = new JsonReader(Limits.standard());

  TestRecord(Database database, Path folder) {
    this(
        database,
        folder,
        new World(() -> Instant.ofEpochSecond(1_800_000_000), new SecureRandom()));
  }

  TestRecord(Database database, Path folder, World world) {
    this.database = database;
    this.folder = folder;
    this.world = world;
    var master =
        MasterKey.open(
            new MasterKeySource.File(folder.resolve("secret/master.key"), List.of()), world);
    seal = master.seal(world, "record");
    persons = new Persons(database, world, seal, new Feed(database, world, Duration.ofSeconds(2)));
    audit = new AuditLog(world, seal, persons, Limits.standard(), database.dialect());
    key =
        LogKey.open(
            database, world, Crypto.jdk(), json, master.seal(world, "log"), "test.example/log");
    outside = new OutsideCheckpoint(folder.resolve("outside/checkpoint"));
  }

  Sequencer sequencer() {
    var sequencer = new Sequencer(database, key, outside);
    sequencer.start();
    return sequencer;
  }

  AuditApi api(Sequencer sequencer) {
    return new AuditApi(database, sequencer, key, world, seal, json, Limits.standard());
  }
}
