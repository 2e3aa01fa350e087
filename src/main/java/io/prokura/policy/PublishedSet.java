package io.prokura.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.prokura.feed.Feed;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Limits;
import io.prokura.sql.Database;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// One set of policies as it is published: the live snapshot in memory, which follows the feed, and
/// the earlier ones on demand.
///
/// Nobody waits for a compilation. Whoever publishes has compiled before the transaction, so that
/// the feed's follower only swaps; what another node published is compiled by [#catchUp], on a
/// thread of its own, while the snapshot before it goes on deciding.
public final class PublishedSet {
  static final String CHANGED = "policies";
  private static final int COMPILED_MAX = 8;

  private final Database database;
  private final PolicySetName set;
  private final PolicyReader reader;
  private final JsonReader json = new JsonReader(Limits.standard());
  private final AtomicReference<PolicySnapshot> current;
  private final Cache<String, PolicySnapshot> compiled =
      Caffeine.newBuilder().maximumSize(COMPILED_MAX).executor(Runnable::run).build();
  private volatile long published;

  /// Compiles what is live; throws [InvalidPolicies] when this program cannot.
  public PublishedSet(Database database, Feed feed, PolicySetName set) {
    this.database = database;
    this.set = set;
    reader = new PolicyReader(set);
    feed.follow(CHANGED, change -> follow(change.id()));
    var live = database.read(tx -> PolicyStore.live(tx, set));
    published = live.map(PolicyStore.Head::number).orElse(0L);
    current = new AtomicReference<>(load(published).orElseGet(this::unpublished));
  }

  private PolicySnapshot unpublished() {
    return compile(PolicySources.unpublished(set), 0);
  }

  /// The snapshot that is live on this node.
  public PolicySnapshot current() {
    return current.get();
  }

  /// The snapshot published under this number; 0 is what decided before the first.
  public Optional<PolicySnapshot> snapshot(long number) {
    var live = current.get();
    if (live.number() == number) {
      return Optional.of(live);
    }
    return number == 0 ? Optional.of(unpublished()) : load(number);
  }

  /// Compiles and puts in force what another node has published, if anything.
  public void catchUp() {
    long newest = published;
    if (current.get().number() < newest) {
      swap(load(newest).orElseThrow());
    }
  }

  /// Whether the live snapshot of this node is the newest that it has heard of.
  public boolean isCurrent() {
    return current.get().number() >= published;
  }

  /// The snapshot that sources make, from memory when they were compiled before; throws
  /// [InvalidPolicies].
  PolicySnapshot compile(PolicySources sources, long number) {
    var digest = sources.digest();
    var known = compiled.getIfPresent(digest);
    if (known == null) {
      known = reader.read(sources, number);
      compiled.put(digest, known);
    }
    return known.number() == number ? known : known.withNumber(number);
  }

  PolicySetName set() {
    return set;
  }

  /// What is stored under a number, as it was published.
  Optional<PolicySources> sources(long number) {
    return database.read(tx -> PolicyStore.sources(tx, set, number)).map(this::parsed);
  }

  private PolicySources parsed(String stored) {
    return PolicySources.parse(PolicyStore.stored(json, stored));
  }

  private Optional<PolicySnapshot> load(long number) {
    return sources(number).map(sources -> compile(sources, number));
  }

  private void follow(String changed) {
    if (!changed.equals(set.word())) {
      return;
    }
    var head = database.read(tx -> PolicyStore.live(tx, set)).orElseThrow();
    var ready = compiled.getIfPresent(head.digest());
    if (ready != null) {
      swap(ready.withNumber(head.number()));
    }
    published = head.number();
  }

  private void swap(PolicySnapshot next) {
    current.accumulateAndGet(next, (old, fresh) -> fresh.number() > old.number() ? fresh : old);
  }
}
