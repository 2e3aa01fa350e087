package io.prokura.keys;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.kernel.Id;
import io.prokura.kernel.Outage;
import io.prokura.kernel.World;
import io.prokura.seal.MasterKey;
import io.prokura.seal.Rewrap;
import io.prokura.sql.Database;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Replaces the master key while the server serves: a new generation is added, everything is
/// wrapped again under it in small transactions, and the old one is taken away when nothing is left
/// under it.
///
/// A crash leaves two generations, which read everything; the next start goes on.
public final class MasterKeyRotation {
  private static final System.Logger LOG = System.getLogger(MasterKeyRotation.class.getName());
  private static final int PASSES_MAX = 10;

  private final MasterKey master;
  private final Database database;
  private final World world;
  private final AuditLog audit;
  private final List<Rewrap> wrapped;
  private final Duration grace;
  private String newest = "";
  private Instant since = Instant.EPOCH;

  /// `grace` is how long other nodes may take to learn of a new generation; the old one is not
  /// taken away before.
  public MasterKeyRotation(
      MasterKey master,
      Database database,
      World world,
      AuditLog audit,
      List<Rewrap> wrapped,
      Duration grace) {
    this.master = master;
    this.database = database;
    this.world = world;
    this.audit = audit;
    this.wrapped = List.copyOf(wrapped);
    this.grace = grace;
  }

  /// The public name of the newest generation, for the operator.
  public String name() {
    return master.id();
  }

  /// How far a rotation has come.
  ///
  /// @param key the name of the newest generation
  /// @param wrapped how many things were wrapped again just now
  /// @param done whether the older generations are gone
  public record Progress(String key, long wrapped, boolean done) {}

  /// Adds a generation and wraps everything again.
  public synchronized Progress rotate(Id.Principal by) {
    var before = master.id();
    master.add();
    database.inTransaction(
        tx ->
            audit.append(
                tx,
                Event.about("master-key.added", master.id())
                    .by(by)
                    .word("before", before)
                    .build()));
    return goOn();
  }

  /// Goes on with a rotation that was begun, here or by another node.
  public synchronized void tick() {
    try {
      master.reload();
    } catch (Outage e) {
      // What is held goes on to work, and the next start will say so too.
      LOG.log(Level.WARNING, "the master key cannot be read again: {0}", e.getMessage());
      return;
    }
    if (master.isBeingReplaced()) {
      var progress = goOn();
      LOG.log(Level.INFO, "the master key is being replaced: {0}", progress);
    }
  }

  private Progress goOn() {
    if (!master.id().equals(newest)) {
      newest = master.id();
      since = world.now();
    }
    boolean late = !world.now().isBefore(since.plus(grace));
    long count = 0;
    long some = 1;
    try {
      for (int i = 0; some > 0 && i < PASSES_MAX; i++) {
        some = pass();
        count += some;
      }
    } catch (Outage e) {
      // Both keys are held, so nothing is lost by going on later.
      LOG.log(Level.WARNING, "the master key is still being replaced", e);
      return new Progress(newest, count, false);
    }
    if (some > 0 || !late) {
      return new Progress(newest, count, false);
    }
    database.inTransaction(
        tx -> audit.append(tx, Event.about("master-key.replaced", newest).build()));
    master.dropOlder();
    return new Progress(newest, count, true);
  }

  /// Looks at everything once; returns how much was under an older generation.
  private long pass() {
    long count = 0;
    for (var kind : wrapped) {
      var after = kind.start();
      boolean more = true;
      while (more) {
        var from = after;
        var step = database.inTransaction(tx -> kind.batch().run(tx, from));
        count += step.wrapped();
        after = step.last();
        more = !after.isEmpty();
      }
    }
    return count;
  }
}
