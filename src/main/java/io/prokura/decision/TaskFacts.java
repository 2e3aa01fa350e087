package io.prokura.decision;

import io.prokura.feed.Cached;
import io.prokura.feed.Feed;
import io.prokura.kernel.Id;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// What policies recorded of tasks, for rules about what came before. A fact of a decision that was
/// answered is seen by every later one: on this node at once, on others as soon as they follow.
///
/// A task has at most [#FACTS_MAX]; they go [#KEPT] after the last one, which is longer than any
/// token of the task is good.
public final class TaskFacts {
  /// How many facts a task has at most.
  public static final int FACTS_MAX = 100;

  /// How long facts are kept after the last.
  public static final Duration KEPT = Duration.ofHours(24);

  /// A fact that comes again prolongs what is known at most this often, so that it is seldom
  /// written.
  private static final Duration PROLONGED = Duration.ofHours(1);

  private static final String KIND = "task";
  private static final int CACHED_MAX = 100_000;
  private static final int SWEEP_MAX = 5_000;
  private static final int SWEEPS_MAX = 20;

  private final World world;
  private final Database database;
  private final Feed feed;
  private final Cached<Known> cached;

  /// While nothing was ever recorded, nothing has to be looked up.
  private volatile boolean any;

  public TaskFacts(World world, Database database, Feed feed) {
    this.world = world;
    this.database = database;
    this.feed = feed;
    cached =
        new Cached<>(
            feed, KIND, CACHED_MAX, id -> database.read(tx -> TaskStore.find(tx, new Id.Task(id))));
    feed.follow(KIND, _ -> any = true);
    boolean stored = database.<Boolean>read(TaskStore::isAny);
    any = any || stored;
  }

  /// What is known of one task, and until when.
  record Known(SortedSet<String> facts, Instant expiresAt) {
    Known {
      facts = Collections.unmodifiableSortedSet(new TreeSet<>(facts));
    }

    boolean isLive(Instant now) {
      return now.isBefore(expiresAt);
    }

    /// Whether recording these words changes nothing.
    boolean has(SortedSet<String> words, Instant now) {
      return facts.containsAll(words) && now.plus(KEPT).minus(PROLONGED).isBefore(expiresAt);
    }
  }

  /// What is known of a task, from memory.
  SortedSet<String> of(Id.Task task) {
    return known(task).map(Known::facts).orElse(Collections.emptySortedSet());
  }

  private Optional<Known> known(Id.Task task) {
    return any ? cached.get(task.text()).filter(one -> one.isLive(world.now())) : Optional.empty();
  }

  /// Whether all these words are known of the task and will be for long enough.
  boolean has(Id.Task task, SortedSet<String> words) {
    return known(task).filter(one -> one.has(words, world.now())).isPresent();
  }

  /// Adds to what is known of a task, in the transaction of the decision that it follows from.
  /// False, and nothing is written, when that would be too much.
  boolean record(Tx tx, Id.Task task, SortedSet<String> words) {
    var now = world.now();
    var stored = TaskStore.find(tx, task).filter(one -> one.isLive(now));
    if (stored.filter(one -> one.has(words, now)).isPresent()) {
      return true;
    }
    var all = new TreeSet<>(words);
    stored.ifPresent(one -> all.addAll(one.facts()));
    if (all.size() > FACTS_MAX) {
      return false;
    }
    TaskStore.put(tx, task, all, now.plus(KEPT));
    feed.publish(tx, KIND, task.text());
    return true;
  }

  /// Forgets what is over.
  public void tick() {
    int swept = SWEEP_MAX;
    for (int i = 0; i < SWEEPS_MAX && swept == SWEEP_MAX; i++) {
      swept = database.inTransaction(tx -> TaskStore.sweep(tx, world.now(), SWEEP_MAX));
    }
  }
}
