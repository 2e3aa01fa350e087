package io.prokura.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.audit.Continuity.Broken;
import io.prokura.audit.Continuity.Why;
import io.prokura.kernel.Outage;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import io.prokura.tlog.Checkpoint;
import io.prokura.tlog.InvalidException;
import io.prokura.tlog.TreeHead;
import java.time.Instant;
import java.util.Optional;

/// Goes on with the log of a restored database under another origin, so that nothing smaller than
/// or different from what was published is ever signed under the old one.
///
/// Origins are numbered: the first has no number, those after restores end in `/2`, `/3` and so on.
public final class Continuation {
  private final Database database;
  private final LogKey key;
  private final LogHistory history;

  public Continuation(Database database, LogKey key, OutsideCheckpoint outside) {
    this.database = database;
    this.key = key;
    history = new LogHistory(database, key, outside);
  }

  /// How the log will go on.
  ///
  /// @param broken what the log does not fit to
  /// @param number the number of the origin from now on
  /// @param origin the origin from now on
  /// @param before the origin in the restored database
  /// @param size how much of the log the restored database holds
  /// @param root the root of that
  /// @param newest when its newest entry was made, if there is one
  /// @param note the checkpoint of that under the new origin; empty for an empty tree
  public record Planned(
      Broken broken,
      long number,
      String origin,
      String before,
      long size,
      String root,
      Optional<Instant> newest,
      String note) {

    /// Whether the log gets another origin. It keeps its own where another node has acknowledged
    /// the restore already, and this one only knows more of what was before.
    public boolean isRenamed() {
      return broken.why() != Why.ENDED;
    }
  }

  /// Plans the continuation; the new origin's number is at least `least`.
  public Planned plan(Broken broken, long least) {
    var head = database.read(LogStore::head).orElseThrow();
    var newest =
        database.read(
            tx ->
                EntryStore.dated(tx, Long.MAX_VALUE, 1).stream().map(Entry.Dated::at).findFirst());
    var tree = new TreeHead(head.size(), history.root(head.size()));
    if (head.size() > 0 && !signed(head).equals(tree)) {
      throw new Outage("the database's log is damaged: its tiles do not have the root it signed");
    }
    var pasts = database.read(LogStore::pasts);
    var first = pasts.isEmpty() ? head.origin() : pasts.getFirst().origin();
    long after = Math.max(number(first, head.origin()), number(first, broken.origin()));
    boolean renamed = broken.why() != Why.ENDED;
    long number = renamed ? Math.max(least, after + 1) : number(first, head.origin());
    var origin = renamed ? first + "/" + number : head.origin();
    var note =
        head.size() == 0 ? "" : new Checkpoint(origin, tree).sign(key.signers(origin)).toString();
    return new Planned(
        broken, number, origin, head.origin(), head.size(), tree.root().toString(), newest, note);
  }

  private TreeHead signed(LogStore.Head head) {
    try {
      return key.policy(head.origin()).open(head.note().getBytes(UTF_8)).head();
    } catch (InvalidException e) {
      throw new Outage("a checkpoint of this log is not signed by its key", e);
    }
  }

  /// The number of an origin; 1 for one that does not follow from `first`.
  private static long number(String first, String origin) {
    if (!origin.startsWith(first + "/")) {
      return 1;
    }
    var suffix = origin.substring(first.length() + 1);
    return suffix.matches("[1-9][0-9]{0,8}") ? Long.parseLong(suffix) : 1;
  }

  /// Carries the plan out; false when the log is not the planned one any more. Afterwards the keys
  /// have to be reloaded.
  public boolean write(Tx tx, Planned plan) {
    long ended = LogStore.pasts(tx).size() + 1L;
    var note = plan.broken().note();
    if (!plan.isRenamed()) {
      LogStore.end(tx, new LogStore.Past(ended, plan.broken().origin(), 0, note));
      return true;
    }
    var before = new LogStore.Head(plan.before(), plan.size(), "");
    LogStore.end(tx, new LogStore.Past(ended, plan.before(), plan.size(), ended(plan)));
    if (!plan.broken().origin().equals(plan.before())) {
      // What was published is of another origin still: a later one, whose beginning is lost.
      LogStore.end(tx, new LogStore.Past(ended + 1, plan.broken().origin(), 0, note));
    }
    return LogStore.rename(tx, before, plan.origin(), plan.note());
  }

  private static String ended(Planned plan) {
    return plan.broken().origin().equals(plan.before()) ? plan.broken().note() : "";
  }
}
