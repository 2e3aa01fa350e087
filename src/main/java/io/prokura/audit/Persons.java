package io.prokura.audit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.prokura.feed.Feed;
import io.prokura.kernel.Id;
import io.prokura.kernel.World;
import io.prokura.seal.Rewrap;
import io.prokura.seal.Seal;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.util.List;
import java.util.Optional;

/// The people who appear in the record. Erasing one deletes the mapping and the key; every leaf,
/// hash and proof stays as it is.
public final class Persons {
  /// The kind of change that an erasure is in the feed.
  public static final String KIND = "person";

  private final Database database;
  private final World world;
  private final Seal seal;
  private final Feed feed;
  private final Cache<String, Person> known =
      Caffeine.newBuilder().maximumSize(50_000).executor(Runnable::run).build();

  public Persons(Database database, World world, Seal seal, Feed feed) {
    this.database = database;
    this.world = world;
    this.seal = seal;
    this.feed = feed;
    feed.follow(KIND, change -> known.invalidate(change.id()));
  }

  /// The person `user` as the record knows them, made known in a transaction of its own when this
  /// is the first time.
  Person of(Id.User user) {
    var cached = known.getIfPresent(user.text());
    return cached != null ? cached : database.inTransaction(tx -> of(tx, user));
  }

  /// The person `user` as the record knows them, made known in `tx` when this is the first time.
  Person of(Tx tx, Id.User user) {
    var cached = known.getIfPresent(user.text());
    if (cached != null) {
      return cached;
    }
    var person = PersonStore.find(tx, world, seal, user);
    if (person.isEmpty()) {
      PersonStore.insert(tx, seal, world, user);
      person = PersonStore.find(tx, world, seal, user);
    }
    var found = person.orElseThrow();
    tx.afterCommit(() -> known.put(user.text(), found));
    return found;
  }

  /// The person behind a pseudonym; empty once they are erased.
  public Optional<Id.User> behind(Tx tx, Id.Pseudonym pseudonym) {
    return PersonStore.user(tx, pseudonym);
  }

  /// Everybody who appears in the record and has not been erased.
  public List<Id.User> known(Tx tx) {
    return PersonStore.all(tx);
  }

  /// Wraps the keys of people again under the newest master key.
  public Rewrap rewrap() {
    return new Rewrap(List.of(""), (tx, after) -> PersonStore.rewrap(tx, seal, after.getFirst()));
  }

  /// Forgets who is behind a pseudonym, and every personal field about them. Cannot be undone.
  public boolean erase(Tx tx, Id.User user) {
    feed.publish(tx, KIND, user.text());
    PersonStore.pseudonym(tx, user).ifPresent(pseudonym -> FactStore.delete(tx, pseudonym));
    return PersonStore.delete(tx, user);
  }
}
