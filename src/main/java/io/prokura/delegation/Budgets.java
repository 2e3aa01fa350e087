package io.prokura.delegation;

import static io.prokura.kernel.Refusal.FIELD_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.feed.Cached;
import io.prokura.feed.Feed;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/// What delegations may spend, and what was spent.
///
/// A delegation that was narrowed from others spends from them too, so that it never has more than
/// its parent's rest, whatever its own limit. [Spendings] are exact: they take an amount in the
/// transaction of the caller, where so much is left, and nothing where it is not. What [#left]
/// tells is from memory: limits are as fresh as the feed, what this node spent is always in it, and
/// what other nodes spent is at most [#FRESH] old.
public final class Budgets {
  /// How old the memory of what was spent may be.
  public static final Duration FRESH = Duration.ofSeconds(1);

  /// How long a request is remembered, so that it spends once.
  public static final Duration REMEMBERED = Duration.ofHours(24);

  /// How many budgets a delegation has at most.
  public static final int NAMES_MAX = 10;

  private static final String KIND = "budget";
  private static final int CACHED_MAX = 100_000;
  private static final int SWEEP_MAX = 5_000;
  private static final int SWEEPS_MAX = 20;

  private final World world;
  private final Database database;
  private final Feed feed;
  private final AuditLog audit;
  private final Cached<AtomicReference<Reading>> cached;
  private final Limited limited;

  Budgets(World world, Database database, Feed feed, AuditLog audit) {
    this.world = world;
    this.database = database;
    this.feed = feed;
    this.audit = audit;
    cached =
        new Cached<>(
            feed,
            KIND,
            CACHED_MAX,
            id -> Optional.of(new AtomicReference<>(read(new Id.Delegation(id)))));
    limited = new Limited();
    feed.follow(KIND, change -> limited.add(List.of(change.id())));
    limited.add(database.read(tx -> BudgetStore.delegations(tx, Limited.MAX + 1)));
  }

  /// The delegations that have budgets, as long as they are not too many: most have none, and then
  /// nothing need be looked up.
  private static final class Limited {
    private static final int MAX = 100_000;

    private final Set<String> ids = ConcurrentHashMap.newKeySet();
    private volatile boolean complete = true;

    void add(List<String> more) {
      if (ids.size() + more.size() > MAX) {
        complete = false;
      } else if (complete) {
        ids.addAll(more);
      }
    }

    boolean contains(Id.Delegation id) {
      return !complete || (!ids.isEmpty() && ids.contains(id.text()));
    }
  }

  /// What the database said at a time, with what this node has spent since.
  private record Reading(SortedMap<String, Budget> budgets, Instant at) {

    /// What was spent only grows, so the larger of two numbers is the newer.
    Reading then(Reading newer) {
      var merged = new TreeMap<>(newer.budgets);
      budgets.forEach(
          (name, known) ->
              merged.computeIfPresent(
                  name,
                  (_, read) -> new Budget(read.limit(), Math.max(read.spent(), known.spent()))));
      return new Reading(merged, newer.at);
    }

    Reading spent(String name, long total) {
      var merged = new TreeMap<>(budgets);
      merged.computeIfPresent(
          name, (_, known) -> new Budget(known.limit(), Math.max(known.spent(), total)));
      return new Reading(merged, at);
    }
  }

  /// The budgets of one delegation, from the database.
  public SortedMap<String, Budget> of(Tx tx, Id.Delegation delegation) {
    return BudgetStore.of(tx, delegation);
  }

  /// The budgets of one delegation, from memory.
  SortedMap<String, Budget> of(Id.Delegation id) {
    if (!limited.contains(id)) {
      return Collections.emptySortedMap();
    }
    var held = cached.get(id.text()).orElseThrow();
    var reading = held.get();
    if (reading.budgets().isEmpty() || isFresh(reading)) {
      return reading.budgets();
    }
    return held.accumulateAndGet(read(id), Reading::then).budgets();
  }

  /// What is left along a line, for each name the smallest rest of those that have a budget of it.
  public SortedMap<String, Long> left(List<Id.Delegation> line) {
    SortedMap<String, Long> left = Collections.emptySortedMap();
    for (var id : line) {
      var budgets = of(id);
      if (!budgets.isEmpty()) {
        var least = new TreeMap<>(left);
        budgets.forEach((name, budget) -> least.merge(name, budget.left(), Math::min));
        left = least;
      }
    }
    return left;
  }

  private boolean isFresh(Reading reading) {
    return Duration.between(reading.at(), world.now()).abs().compareTo(FRESH) < 0;
  }

  private Reading read(Id.Delegation id) {
    var at = world.now();
    return new Reading(database.read(tx -> BudgetStore.of(tx, id)), at);
  }

  /// Reads what was spent again, whatever its age.
  void refresh(List<Id.Delegation> line) {
    for (var id : line) {
      cached.get(id.text()).orElseThrow().accumulateAndGet(read(id), Reading::then);
    }
  }

  /// Whether this request has spent already. Reads the database.
  boolean hasSpent(String request) {
    return database.read(tx -> BudgetStore.isNoted(tx, request));
  }

  /// Notes in `tx` that a request spends; false when it has before.
  boolean note(Tx tx, String request) {
    return BudgetStore.note(tx, request, world.now());
  }

  /// Takes an amount of a budget in `tx`; false when so much is not left.
  boolean spend(Tx tx, Id.Delegation id, String name, long amount) {
    var total = BudgetStore.spend(tx, id, name, amount);
    total.ifPresent(spent -> tx.afterCommit(() -> noteSpent(id, name, spent)));
    return total.isPresent();
  }

  private void noteSpent(Id.Delegation id, String name, long total) {
    cached.get(id.text()).orElseThrow().updateAndGet(held -> held.spent(name, total));
  }

  /// Sets limits of a delegation; those that are not named stay. Refuses `FIELD_INVALID` where more
  /// would be left than a delegation has that it was narrowed from.
  Result<SortedMap<String, Budget>> limit(
      Tx tx,
      Id.Principal by,
      Delegation delegation,
      Map<String, Long> limits,
      Optional<String> reason) {
    var budgets = BudgetStore.of(tx, delegation.id());
    for (var one : limits.entrySet()) {
      var name = one.getKey();
      long spent = Optional.ofNullable(budgets.get(name)).map(Budget::spent).orElse(0L);
      var wanted = new Budget(one.getValue(), spent);
      for (var ancestor : delegation.ancestors()) {
        var above = Optional.ofNullable(BudgetStore.of(tx, ancestor).get(name));
        if (above.isPresent() && wanted.left() > above.get().left()) {
          return refused(
              FIELD_INVALID,
              "%s has %d of %s left; what is narrowed from it gets no more"
                  .formatted(ancestor.text(), above.get().left(), name));
        }
      }
      budgets.put(name, wanted);
    }
    if (budgets.size() > NAMES_MAX) {
      return refused(FIELD_INVALID, "a delegation has at most " + NAMES_MAX + " budgets");
    }
    var recorded = Json.object();
    new TreeMap<>(limits)
        .forEach(
            (name, limit) -> {
              BudgetStore.limit(tx, delegation.id(), name, limit);
              recorded.put(name, limit);
            });
    feed.publish(tx, KIND, delegation.id().text());
    var event =
        Event.about("delegation.limited", delegation.id())
            .by(by)
            .value("budgets", recorded.build());
    reason.ifPresent(text -> event.free("reason", text));
    audit.append(tx, event.build());
    return ok(budgets);
  }

  /// Forgets requests that spent long ago.
  public void tick() {
    var before = world.now().minus(REMEMBERED);
    int swept = SWEEP_MAX;
    for (int i = 0; i < SWEEPS_MAX && swept == SWEEP_MAX; i++) {
      swept = database.inTransaction(tx -> BudgetStore.sweep(tx, before, SWEEP_MAX));
    }
  }
}
