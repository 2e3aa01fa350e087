package io.prokura.app;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Facts;
import io.prokura.audit.LogKey;
import io.prokura.audit.LogKeyRotation;
import io.prokura.audit.OutsideCheckpoint;
import io.prokura.audit.Persons;
import io.prokura.audit.Refusals;
import io.prokura.audit.Retention;
import io.prokura.audit.Sequencer;
import io.prokura.cutoff.CutOffs;
import io.prokura.feed.Feed;
import io.prokura.jose.Crypto;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Limits;
import io.prokura.kernel.World;
import io.prokura.seal.MasterKey;
import io.prokura.seal.MasterKeySource;
import io.prokura.seal.Seal;
import io.prokura.sql.Database;
import java.time.Duration;
import java.util.List;

/// The record and what it rests on: the feed, the log, and the keys that seal and sign it.
record Ledger(
    MasterKey master,
    Seal seal,
    Crypto crypto,
    JsonReader json,
    Feed feed,
    AuditLog audit,
    Facts facts,
    Refusals refusals,
    LogKey logKey,
    LogKeyRotation logKeyRotation,
    OutsideCheckpoint outside,
    Persons persons,
    Sequencer sequencer,
    Retention retention,
    CutOffs cutOffs) {

  static Ledger wire(World world, Database database, Config config, Limits limits) {
    var json = new JsonReader(limits);
    var crypto = Crypto.fastest();
    var keyFile = new MasterKeySource.File(config.masterKeyFile(), List.of(config.data()));
    var master = MasterKey.open(keyFile, world);
    var feed = new Feed(database, world, Duration.ofSeconds(2));
    var seal = master.seal(world, "record");
    var persons = new Persons(database, world, seal, feed);
    var audit = new AuditLog(world, seal, persons, limits, database.dialect());
    var logSeal = master.seal(world, "log key");
    var logKey = LogKey.open(database, world, crypto, json, logSeal, config.logOrigin());
    var outside = new OutsideCheckpoint(config.checkpointFile());
    return new Ledger(
        master,
        seal,
        crypto,
        json,
        feed,
        audit,
        new Facts(database, world, seal, persons, json),
        new Refusals(database, audit),
        logKey,
        new LogKeyRotation(database, feed, audit, logKey),
        outside,
        persons,
        new Sequencer(database, logKey, outside),
        new Retention(database, world, config.freeTextRetention()),
        new CutOffs(feed, database, audit, world));
  }
}
