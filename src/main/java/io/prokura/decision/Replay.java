package io.prokura.decision;

import io.prokura.audit.Entries;
import io.prokura.audit.Recorded;
import io.prokura.cedar.EntityUid;
import io.prokura.decision.Step.Denied;
import io.prokura.decision.Step.Passed;
import io.prokura.policy.PolicySnapshot;
import io.prokura.policy.Uids;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Asks recorded decisions again of other policies, on exactly what they saw: what would this draft
/// have changed?
///
/// The record is read in its order, a part at a time, so that memory is bounded whatever its length
/// and whoever waits sees how far it is. What an entry refers to and has been forgotten, or what
/// the other policies want to know and nobody looked at then, makes a decision *unknown*: it is
/// never counted as unchanged.
public final class Replay {
  /// How many entries of the record one part looks at.
  public static final int PART_MAX = 10_000;

  private static final int BATCH = 500;

  /// A part ends with the entry that fills its list of changed decisions.
  private static final int FLIPS_MAX = 1_000;

  private final Database database;
  private final Entries entries;
  private final Supplier<Recollections> recollections;

  public Replay(Database database, Entries entries, Supplier<Recollections> recollections) {
    this.database = database;
    this.entries = entries;
    this.recollections = recollections;
  }

  /// A decision that would have come out otherwise: the reason for which, and the policies that
  /// would have determined it.
  public record Flip(Recalled was, boolean allowed, String reason, List<String> policies) {
    public Flip {
      policies = List.copyOf(policies);
    }
  }

  /// What one part of the record comes to. `unasked` are decisions that fell before any policy was
  /// asked, so that no policy changes them. The next part begins after `next`, where there is
  /// `more`; `reached` is the time of the last entry looked at.
  public record Part(
      long unchanged,
      long unasked,
      long unknown,
      List<Flip> flips,
      long next,
      boolean more,
      Optional<Instant> reached) {
    public Part {
      flips = List.copyOf(flips);
    }
  }

  /// What is counted on the way.
  private static final class Tally {
    long unchanged;
    long unasked;
    long unknown;
    final List<Flip> flips = new ArrayList<>();
  }

  /// The place in the record from which decisions made at `from` or later are found.
  public long start(Instant from) {
    return database.read(tx -> entries.before(tx, from));
  }

  /// Replays up to `count` entries of the record after `after` that are older than `until`.
  public Part part(PolicySnapshot candidate, long after, Instant until, int count) {
    var remembered = recollections.get();
    var tally = new Tally();
    long next = after;
    boolean more = true;
    Optional<Instant> reached = Optional.empty();
    for (int done = 0; more && done < count; done += BATCH) {
      long last = next;
      int batch = Math.min(BATCH, count - done);
      var read = database.read(tx -> read(tx, remembered, last, batch));
      for (var made : read.made()) {
        if (!made.entry().at().isBefore(until)) {
          return part(tally, made.entry().seq(), false, Optional.of(made.entry().at()));
        }
        made.decisions().forEach(decision -> replay(candidate, decision, tally));
        reached = Optional.of(made.entry().at());
        if (tally.flips.size() >= FLIPS_MAX) {
          return part(tally, made.entry().seq(), true, reached);
        }
      }
      next = read.next();
      more = read.more();
    }
    return part(tally, next, more, reached);
  }

  /// An entry with the decisions that it tells of.
  private record Made(Recorded entry, List<Recalled> decisions) {}

  /// Some entries with their decisions, and where the next are.
  private record Read(List<Made> made, long next, boolean more) {}

  /// Reads entries and all that they refer to in one go.
  private Read read(Tx tx, Recollections remembered, long after, int count) {
    var part = entries.after(tx, DecisionLog.TYPE, after, count);
    var made =
        part.entries().stream().map(entry -> new Made(entry, remembered.of(tx, entry))).toList();
    return new Read(made, part.next(), part.more());
  }

  private static Part part(Tally tally, long next, boolean more, Optional<Instant> reached) {
    return new Part(
        tally.unchanged, tally.unasked, tally.unknown, tally.flips, next, more, reached);
  }

  private static void replay(PolicySnapshot candidate, Recalled decision, Tally tally) {
    if (!decision.wasAsked()) {
      tally.unasked++;
      return;
    }
    if (decision.question().isEmpty()) {
      tally.unknown++;
      return;
    }
    var missed = new HashSet<EntityUid>();
    var outcome =
        Evaluator.evaluate(candidate, watched(decision.question().get(), missed)).outcome();
    if (!missed.isEmpty()) {
      tally.unknown++;
    } else if (outcome instanceof Passed == decision.allowed()) {
      tally.unchanged++;
    } else {
      tally.flips.add(flip(decision, outcome));
    }
  }

  /// The question, noting what it would have to know of the registers and does not.
  private static Question watched(Question question, Set<EntityUid> missed) {
    return question.withRegisters(
        uid -> {
          var found = question.registers().apply(uid);
          if (found.isEmpty() && Uids.isRegistered(uid.type())) {
            missed.add(uid);
          }
          return found;
        });
  }

  private static Flip flip(Recalled was, Step<List<String>> outcome) {
    return switch (outcome) {
      case Passed<List<String>>(var by) -> new Flip(was, true, Reason.ALLOWED.word(), by);
      case Denied<List<String>>(var reason, _, var by) -> new Flip(was, false, reason.word(), by);
    };
  }

  /// The policies that a flip is about: those that decided then and those that would now.
  static Set<String> policies(Flip flip) {
    var all = new LinkedHashSet<>(flip.was().policies());
    all.addAll(flip.policies());
    return all;
  }
}
