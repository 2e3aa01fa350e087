package io.prokura.bench;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Facts;
import io.prokura.audit.LogKey;
import io.prokura.audit.OutsideCheckpoint;
import io.prokura.audit.Persons;
import io.prokura.audit.Sequencer;
import io.prokura.feed.Feed;
import io.prokura.jose.Crypto;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Limits;
import io.prokura.kernel.World;
import io.prokura.seal.MasterKey;
import io.prokura.seal.MasterKeySource;
import io.prokura.sql.Database;
import io.prokura.sql.SqliteDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// The record on an embedded database in this process, wired as the server wires it and kept going
/// as the server keeps it going.
final class LocalRecord implements AutoCloseable {
  private static final int PAGES_MAX = 1_073_741_823;
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Duration END_MAX = Duration.ofSeconds(20);

  private final Workspace workspace;
  private final Database database;
  private final MasterKey master;
  private final Feed feed;
  private final AuditLog log;
  private final Facts facts;
  private final Sequencer sequencer;
  private final String vkey;
  private final AtomicBoolean over = new AtomicBoolean();
  private final List<Thread> work;

  private LocalRecord(Workspace workspace, World world, Database database) {
    this.workspace = workspace;
    this.database = database;
    var limits = Limits.standard();
    var folders = List.of(workspace.data());
    master = MasterKey.open(new MasterKeySource.File(workspace.masterKey(), folders), world);
    var seal = master.seal(world, "record");
    feed = new Feed(database, world, Duration.ofSeconds(2));
    var persons = new Persons(database, world, seal, feed);
    log = new AuditLog(world, seal, persons, limits, database.dialect());
    facts = new Facts(database, world, seal, persons, new JsonReader(limits));
    var key =
        LogKey.open(
            database,
            world,
            Crypto.fastest(),
            new JsonReader(limits),
            master.seal(world, "log key"),
            "localhost/log");
    vkey = key.vkey();
    sequencer = new Sequencer(database, key, new OutsideCheckpoint(workspace.checkpoint()));
    sequencer.start();
    work =
        List.of(
            Thread.ofPlatform().name("feed").daemon().start(() -> again(feed::catchUp)),
            Thread.ofPlatform().name("sequencer").daemon().start(() -> again(sequencer::run)));
  }

  /// Opens the database in the workspace, which is made when it is not there.
  static LocalRecord open(Workspace workspace, World world) {
    var database = SqliteDatabase.open(workspace.data(), PAGES_MAX);
    try {
      return new LocalRecord(workspace, world, database);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  private void again(Runnable run) {
    try {
      while (!over.get()) {
        run.run();
        Thread.sleep(PAUSE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  Database database() {
    return database;
  }

  MasterKey master() {
    return master;
  }

  Feed feed() {
    return feed;
  }

  AuditLog log() {
    return log;
  }

  Facts facts() {
    return facts;
  }

  /// The text by which others verify the log's signatures (C2SP signed-note).
  String vkey() {
    return vkey;
  }

  /// Waits until the signed tree holds `entries` entries and returns how long that took, in
  /// milliseconds. Fails when the tree stops growing before.
  double await(long entries) {
    long since = System.nanoTime();
    long grown = since;
    long size = treeSize(workspace.checkpoint());
    while (size < entries) {
      if (System.nanoTime() - grown > END_MAX.toNanos()) {
        throw new BenchmarkFailure(
            "of %d entries only %d are in the tree".formatted(entries, size));
      }
      pause();
      long next = treeSize(workspace.checkpoint());
      grown = next > size ? System.nanoTime() : grown;
      size = next;
    }
    return (System.nanoTime() - since) / 1e6;
  }

  /// How many entries the signed tree holds now.
  long treeSize() {
    return treeSize(workspace.checkpoint());
  }

  /// The second line of a checkpoint is the size of its tree (C2SP tlog-checkpoint).
  private static long treeSize(Path checkpoint) {
    try {
      return Files.exists(checkpoint) ? Long.parseLong(Files.readAllLines(checkpoint).get(1)) : 0;
    } catch (IOException e) {
      throw new BenchmarkFailure("no checkpoint was written", e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(10);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchmarkFailure("interrupted", e);
    }
  }

  @Override
  public void close() {
    over.set(true);
    try {
      for (var thread : work) {
        thread.join(END_MAX);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    database.close();
  }
}
