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
  private final Cache<String, T> things;

  /// The ids of which there is nothing, so that asking for them again and again reads nothing.
  private final Cache<String, Boolean> absent;

  private final AtomicLong changes = new AtomicLong();

  /// Keeps at most `size` things of `kind`, more where the heap has room ([Heap#room]).
  /// `load` reads one from the database.
  public Cached(Feed feed, String kind, int size, Function<String, Optional<T>> load) {
    this.load = load;
    things = bounded(Heap.room(size));
    absent = bounded(size);
    feed.follow(kind, change -> forget(change.id()));
  }

  private static <V> Cache<String, V> bounded(int size) {
    return Caffeine.newBuilder().maximumSize(size).executor(Runnable::run).build();
  }

  /// Has things forgotten also when one of another kind changes that has the same id.
  public void forgetAlsoOn(Feed feed, String kind) {
    feed.follow(kind, change -> forget(change.id()));
  }

  public Optional<T> get(String id) {
    var known = things.getIfPresent(id);
    return known != null || absent.getIfPresent(id) != null
        ? Optional.ofNullable(known)
        : loaded(id);
  }

  private Optional<T> loaded(String id) {
    long before = changes.get();
    var loaded = load.apply(id);
    if (loaded.isPresent()) {
      keep(things, id, loaded.get(), before);
    } else {
      keep(absent, id, true, before);
    }
    return loaded;
  }

  /// A change applied while the database was read may not be in what was read: keeps it only when
  /// there was none, and atomically with the forgetting of this id.
  private <V> void keep(Cache<String, V> cache, String id, V value, long before) {
    cache.asMap().compute(id, (_, _) -> changes.get() == before ? value : null);
  }

  /// Keeps what `known` has become, unless it was forgotten meanwhile.
  public void renew(String id, T known, Optional<T> renewed) {
    renewed.ifPresentOrElse(
        one -> things.asMap().replace(id, known, one), () -> things.asMap().remove(id, known));
  }

  private void forget(String id) {
    changes.incrementAndGet();
    things.invalidate(id);
    absent.invalidate(id);
  }
}
