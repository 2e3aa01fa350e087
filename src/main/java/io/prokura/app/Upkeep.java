package io.prokura.app;

import io.prokura.audit.Continuation;
import io.prokura.audit.FreeKeyStore;
import io.prokura.audit.LogKeyRotation;
import io.prokura.audit.Persons;
import io.prokura.cutoff.CutOffs;
import io.prokura.kernel.World;
import io.prokura.keys.MasterKeyRotation;
import io.prokura.management.Changes;
import io.prokura.restore.Ends;
import io.prokura.restore.OutsideJournal;
import io.prokura.restore.Restoration;
import io.prokura.sql.Database;
import java.time.Duration;
import java.util.List;

/// What whoever runs the server needs now and then: the journal and the way back from a restore,
/// and the replacement of the keys that nothing else replaces.
record Upkeep(
    OutsideJournal journal,
    Restoration restoration,
    MasterKeyRotation masterKey,
    LogKeyRotation logKey) {

  /// How long other nodes have to learn of a new master key. Each looks every ten seconds.
  private static final Duration NODES_LEARN = Duration.ofSeconds(60);

  static Upkeep wire(
      World world,
      Database database,
      Config config,
      Ledger ledger,
      Registers registers,
      Trust trust,
      Issuing issuing,
      Changes changes,
      Operator operator) {
    var feed = ledger.feed();
    var journal = new OutsideJournal(database, config.journalFile(), ledger.logKey().identity());
    feed.confirm(CutOffs.KIND, journal::flush);
    feed.confirm(Persons.KIND, journal::flush);
    var ends =
        new Ends(
            registers.agents(),
            issuing.delegations(),
            registers.credentials(),
            ledger.cutOffs(),
            ledger.persons(),
            ledger.audit());
    var restoration =
        new Restoration(
            database,
            feed,
            ledger.sequencer(),
            ledger.logKey(),
            new Continuation(database, ledger.logKey(), ledger.outside()),
            journal,
            ends,
            ledger.cutOffs(),
            ledger.audit(),
            config.issuer(),
            operator::ensured);
    var wrapped =
        List.of(
            ledger.logKey().rewrap(),
            registers.keys().rewrap(),
            ledger.persons().rewrap(),
            new FreeKeyStore(ledger.seal(), ledger.json()).rewrap(),
            issuing.approvals().rewrap(),
            issuing.pairwise().rewrap(),
            registers.authenticators().rewrap(),
            trust.issuers().rewrap(),
            issuing.authorizing().notices().rewrap(),
            changes.rewrap());
    // One writer has committed all that was wrapped before; other nodes may not have.
    var grace = database.dialect().commitsInSerialOrder() ? Duration.ZERO : NODES_LEARN;
    var masterKey =
        new MasterKeyRotation(ledger.master(), database, world, ledger.audit(), wrapped, grace);
    return new Upkeep(journal, restoration, masterKey, ledger.logKeyRotation());
  }
}
