package io.prokura.restore;

import static io.prokura.kernel.Refusal.STATE_CONFLICT;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Continuation;
import io.prokura.audit.Continuity;
import io.prokura.audit.Event;
import io.prokura.audit.LogKey;
import io.prokura.audit.Sequencer;
import io.prokura.cutoff.CutOffs;
import io.prokura.feed.Feed;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/// Takes a database into service that is not the one that was served last: an old copy, or another
/// history. Until somebody acknowledges that, nothing is served.
///
/// One transaction gives the log another origin, applies again what the journal knows to have ended
/// since, and cuts off everything this issuer has issued. What was given out by the lost database
/// may carry numbers that the restored one has not reached, so the feed leaps over them: every
/// origin of the log has numbers of its own.
public final class Restoration {
  private static final long RANGES_MAX = 1 << 13;
  private static final String REASON = "a database was restored";

  private final Database database;
  private final Feed feed;
  private final Sequencer sequencer;
  private final LogKey key;
  private final Continuation log;
  private final OutsideJournal journal;
  private final Ends ends;
  private final CutOffs cutOffs;
  private final AuditLog audit;
  private final String issuer;
  private final Function<Tx, Result<Id.User>> operator;

  /// `operator` finds who acknowledges, or makes them where the restored database has nobody.
  public Restoration(
      Database database,
      Feed feed,
      Sequencer sequencer,
      LogKey key,
      Continuation log,
      OutsideJournal journal,
      Ends ends,
      CutOffs cutOffs,
      AuditLog audit,
      String issuer,
      Function<Tx, Result<Id.User>> operator) {
    this.database = database;
    this.feed = feed;
    this.sequencer = sequencer;
    this.key = key;
    this.log = log;
    this.journal = journal;
    this.ends = ends;
    this.cutOffs = cutOffs;
    this.audit = audit;
    this.issuer = issuer;
    this.operator = operator;
  }

  /// What an acknowledgement would do.
  ///
  /// @param log how the log goes on
  /// @param journal the state of the journal
  /// @param torn whether the journal's last line was not written to its end
  /// @param ends what has to be applied again
  /// @param known the greatest number of the feed that the restored database knows
  /// @param from the number behind which the feed goes on
  public record Plan(
      Continuation.Planned log,
      OutsideJournal.State journal,
      boolean torn,
      List<JournalLine> ends,
      long known,
      long from) {

    /// The plan for people and programs.
    public Json.Obj view() {
      var broken = log.broken();
      return Json.object()
          .put("finding", broken.toString())
          .put("why", word(broken.why()))
          .put("publishedOrigin", broken.origin())
          .put("publishedSize", broken.size())
          .put("restoredOrigin", log.before())
          .put("restoredSize", log.size())
          .put("restoredNewest", log.newest().map(Instant::toString))
          .put("origin", log.origin())
          .put("journal", word(journal))
          .put("journalTorn", torn)
          .put("cutOffs", cutOffs())
          .put("erasures", erasures())
          .build();
    }

    long erasures() {
      return ends.stream().filter(Ends::isErasure).count();
    }

    long cutOffs() {
      return ends.size() - erasures();
    }
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /// How the database stands to what was served last, by its log and by the journal: an end may
  /// have been answered whose entry was not in a published tree yet.
  public Continuity continuity() {
    var byLog = sequencer.continuity();
    if (byLog instanceof Continuity.Broken) {
      return byLog;
    }
    long known = database.read(Feed::head);
    long told = journal.read().last();
    return told > known
        ? sequencer.older(
            "the database knows %d changes, but %s tells of number %d: it is an old copy"
                .formatted(known, journal, told))
        : byLog;
  }

  /// Looks what an acknowledgement would do; nothing where there is nothing to acknowledge. Throws
  /// [io.prokura.kernel.Outage] when the restored database is damaged.
  public Optional<Plan> plan() {
    if (!(continuity() instanceof Continuity.Broken broken)) {
      return Optional.empty();
    }
    var contents = journal.read();
    long known = database.read(Feed::head);
    long reached = Math.max(known, contents.last());
    var planned = log.plan(broken, Feed.range(reached) + 1);
    long from = planned.isRenamed() ? Feed.start(planned.number()) : known;
    var unknown = database.<List<JournalLine>>read(tx -> Ends.unknown(tx, contents.lines()));
    return Optional.of(new Plan(planned, contents.state(), contents.torn(), unknown, known, from));
  }

  /// Acknowledges the restore. When this returns, the database may be served and the outside files
  /// be brought up to date; a crash before is as if nothing had happened, one afterwards is mended
  /// by the next start. Refuses `STATE_CONFLICT` when there is nothing to acknowledge, when another
  /// node changes the database, and, unless `journalLost`, when the journal is not whole: what it
  /// does not tell is not applied again.
  public Result<Plan> acknowledge(boolean journalLost) {
    feed.catchUp();
    var found = plan();
    if (found.isEmpty()) {
      return refused(STATE_CONFLICT, "there is no restore to acknowledge");
    }
    var plan = found.get();
    if (plan.journal() != OutsideJournal.State.SOUND && !journalLost) {
      return refused(
          STATE_CONFLICT,
          "%s is %s: kills and erasures that it does not tell of cannot be applied again"
              .formatted(journal, word(plan.journal())));
    }
    if (plan.log().number() >= RANGES_MAX) {
      return refused(STATE_CONFLICT, "there were too many restores");
    }
    if (plan.journal() == OutsideJournal.State.FOREIGN) {
      journal.setAside();
    }
    var written = database.<Result<Id.User>>inTransaction(tx -> write(tx, plan));
    if (!(written instanceof Ok)) {
      return written.refusal();
    }
    key.reload();
    return ok(plan);
  }

  private Result<Id.User> write(Tx tx, Plan plan) {
    if (plan.log().isRenamed()) {
      // What this node has not applied, it must not leap over.
      if (Feed.head(tx) != plan.known() || feed.applied() != plan.known()) {
        return refused(STATE_CONFLICT, "another node changes the database; ask again");
      }
      feed.leap(tx, plan.from());
    }
    if (!log.write(tx, plan.log())) {
      return refused(STATE_CONFLICT, "another node has acknowledged the restore; start this anew");
    }
    var by = operator.apply(tx);
    if (!(by instanceof Ok(var user))) {
      return by;
    }
    audit.append(tx, event(plan, user));
    ends.apply(tx, user, plan.ends());
    cutOffs.writeForIssuer(tx, issuer, user, REASON);
    return by;
  }

  private static Event event(Plan plan, Id.User by) {
    var broken = plan.log().broken();
    return Event.about("log.continued", plan.log().origin())
        .by(by)
        .word("why", word(broken.why()))
        .word("publishedOrigin", broken.origin())
        .number("publishedSize", broken.size())
        .word("publishedRoot", broken.root())
        .word("restoredOrigin", plan.log().before())
        .number("restoredSize", plan.log().size())
        .word("restoredRoot", plan.log().root())
        .word("journal", word(plan.journal()))
        .number("cutOffs", plan.cutOffs())
        .number("erasures", plan.erasures())
        .number("from", plan.from())
        .build();
  }
}
