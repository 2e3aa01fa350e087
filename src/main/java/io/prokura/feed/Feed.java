package io.prokura.feed;

import io.prokura.kernel.Outage;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import io.prokura.sql.Primacy;
import io.prokura.sql.Row;
import io.prokura.sql.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// Carries changes from the transaction that made them to every node's memory.
///
/// The number of a change is taken under a row lock that the writing transaction holds until it
/// commits, so a smaller number is always visible before a larger one: no follower can step over a
/// change. A node that has not been able to follow for longer than the bound is not current and
/// must not allow anything. Nor is one whose database answers but is not the one the others write
/// to, or not the one it has followed so far.
public final class Feed {
  private static final int BATCH_MAX = 1_000;

  /// Numbers of the feed that belong to one origin of the log, as a power of two. 2^40 changes are
  /// more than a server makes in thirty years at a thousand a second, and 2^13 such ranges stay
  /// below 2^53, the greatest whole number that every reader of JSON keeps.
  private static final int RANGE_BITS = 40;

  private final Database database;
  private final Primacy primacy;
  private final World world;
  private final Duration staleAfter;
  private final Map<String, List<Consumer<Change>>> followers = new ConcurrentHashMap<>();
  private final Map<String, List<Runnable>> confirmations = new ConcurrentHashMap<>();
  private final ReentrantLock following = new ReentrantLock();
  private volatile Change last;
  private volatile Instant followedAt;

  /// Starts at the newest change: whoever follows from here on loads older state by itself.
  public Feed(Database database, World world, Duration staleAfter) {
    this.database = database;
    this.world = world;
    this.staleAfter = staleAfter;
    primacy = new Primacy(database, staleAfter.dividedBy(4));
    followedAt = primacy.provenAt(world.now());
    last = newest();
  }

  private Change newest() {
    return database
        .read(
            tx ->
                tx.one(
                    "SELECT seq, kind, id FROM feed_change ORDER BY seq DESC LIMIT 1",
                    Feed::change))
        .orElse(unseen(0));
  }

  /// Stands for a number behind which there is no change.
  private static Change unseen(long number) {
    return new Change(number, "", "");
  }

  private static Change change(Row row) {
    return new Change(row.number(1), row.text(2), row.text(3));
  }

  /// Records in `tx` that a thing changed and returns the change's number. When the transaction has
  /// committed, this node has applied it before the transaction's result is returned.
  public long publish(Tx tx, String kind, String id) {
    long number =
        tx.one(
                "UPDATE feed_head SET seq = seq + 1 WHERE one = 1 RETURNING seq",
                row -> row.number(1))
            .orElseThrow();
    tx.run("INSERT INTO feed_change (seq, kind, id) VALUES (?, ?, ?)", number, kind, id);
    tx.afterCommit(() -> catchUpTo(number));
    confirmations.getOrDefault(kind, List.of()).forEach(tx::afterCommit);
    return number;
  }

  /// Has `effect` run after the commit of each change of `kind` that this node makes and before it
  /// is answered; what it throws is thrown to whoever made the change.
  public void confirm(String kind, Runnable effect) {
    confirmations.computeIfAbsent(kind, _ -> new CopyOnWriteArrayList<>()).add(effect);
  }

  /// Goes on at `number` in `tx`, leaving out the numbers up to there, which may have been given
  /// out by a database that is gone. Must come before the first change of the transaction; no other
  /// node may be following.
  public void leap(Tx tx, long number) {
    tx.run("UPDATE feed_head SET seq = ? WHERE one = 1 AND seq < ?", number, number);
    tx.afterCommit(
        () -> {
          following.lock();
          try {
            last = last.number() < number ? unseen(number) : last;
          } finally {
            following.unlock();
          }
        });
  }

  /// The range a change's number is in: 0 until the first restore, then the number of the log's
  /// origin, so that what is numbered by it never meets what a lost database has numbered.
  public static long range(long number) {
    return number >> RANGE_BITS;
  }

  /// The number behind which the changes of a range are numbered.
  public static long start(long range) {
    return range << RANGE_BITS;
  }

  /// The number of the newest change there is.
  public static long head(Tx tx) {
    return tx.one("SELECT seq FROM feed_head WHERE one = 1", row -> row.number(1)).orElseThrow();
  }

  /// The changes of two kinds behind `after`, oldest first.
  public static List<Change> changes(Tx tx, long after, String kind, String otherKind, int count) {
    return tx.list(
        """
        SELECT seq, kind, id
          FROM feed_change
         WHERE seq > ? AND kind IN (?, ?)
         ORDER BY seq
         LIMIT ?
        """,
        Feed::change,
        after,
        kind,
        otherKind,
        count);
  }

  /// The change with this number.
  public static Optional<Change> change(Tx tx, long number) {
    return tx.one("SELECT seq, kind, id FROM feed_change WHERE seq = ?", Feed::change, number);
  }

  /// Has `follower` called, in order and one at a time, for every change of `kind` from now on.
  public void follow(String kind, Consumer<Change> follower) {
    followers.computeIfAbsent(kind, _ -> new CopyOnWriteArrayList<>()).add(follower);
  }

  /// The number of the last change this node has applied.
  public long applied() {
    return last.number();
  }

  /// Whether this node has followed recently enough to trust what it holds in memory.
  public boolean isCurrent() {
    return Duration.between(followedAt, world.now()).abs().compareTo(staleAfter) <= 0;
  }

  /// Applies every change that is committed by now. Throws [Outage] when the database is no longer
  /// the one that was followed so far.
  public void catchUp() {
    following.lock();
    try {
      var provenAt = primacy.provenAt(world.now());
      while (applyBatch() >= BATCH_MAX) {
        // A full batch may not have been the last.
      }
      followedAt = provenAt;
    } finally {
      following.unlock();
    }
  }

  /// Of several changes in one transaction, or of transactions that commit together, the first to
  /// catch up applies all; the others need not ask the database again.
  private void catchUpTo(long number) {
    if (last.number() < number) {
      catchUp();
    }
  }

  /// Reads the last change that was applied with those that follow it: a database without it is
  /// another one, an old copy or a standby that was not told everything, and its next changes would
  /// have numbers that this node takes for known.
  private int applyBatch() {
    var known = last;
    var changes =
        database.read(
            tx ->
                tx.list(
                    "SELECT seq, kind, id FROM feed_change WHERE seq >= ? ORDER BY seq LIMIT ?",
                    Feed::change,
                    known.number(),
                    BATCH_MAX + 1));
    boolean unseen = known.kind().isEmpty();
    if (!unseen && (changes.isEmpty() || !changes.getFirst().equals(known))) {
      throw new Outage("the database has lost the change %d".formatted(known.number()));
    }
    var next = unseen ? changes : changes.subList(1, changes.size());
    for (var change : next) {
      if (change.number() != last.number() + 1) {
        throw new Outage("the change feed has a gap after " + last.number());
      }
      followers.getOrDefault(change.kind(), List.of()).forEach(one -> one.accept(change));
      last = change;
    }
    return next.size();
  }
}
