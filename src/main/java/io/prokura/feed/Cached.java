package io.prokura.feed;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.prokura.kernel.Heap;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/// Things of one kind kept in bounded memory, read from the database when they are missing and
/// forgotten when the feed says that they changed.
public final class Cached<T> {
  private final Function<String, Optional<T>> load;
  private final Cache<String, Optional<T>> things;
  private final AtomicLong changes = new AtomicLong();

  /// Keeps at most `size` things of `kind`, more where the heap has room ([Heap#room]).
  /// `load` reads one from the database.
  public Cached(Feed feed, String kind, int size, Function<String, Optional<T>> load) {
    this.load = load;
    things = Caffeine.newBuilder().maximumSize(Heap.room(size)).executor(Runnable::run).build();
    feed.follow(kind, change -> forget(change.id()));
  }

  /// Has things forgotten also when one of another kind changes that has the same id.
  public void forgetAlsoOn(Feed feed, String kind) {
    feed.follow(kind, change -> forget(change.id()));
  }

  public Optional<T> get(String id) {
    var known = things.getIfPresent(id);
    if (known != null) {
      return known;
    }
    long before = changes.get();
    var loaded = load.apply(id);
    // A change applied while the database was read may not be in what was read: keep it only when
    // there was none, and atomically with the forgetting of this id.
    things.asMap().compute(id, (_, _) -> changes.get() == before ? loaded : null);
    return loaded;
  }

  /// Keeps what `known` has become, unless it was forgotten meanwhile.
  public void renew(String id, Optional<T> known, Optional<T> renewed) {
    things.asMap().replace(id, known, renewed);
  }

  private void forget(String id) {
    changes.incrementAndGet();
    things.invalidate(id);
  }
}
