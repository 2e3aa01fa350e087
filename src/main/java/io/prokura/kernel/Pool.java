package io.prokura.kernel;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// A few idle objects that are dear to make and serve one thread at a time. Taking and giving back
/// never wait; when there is none the caller makes one, and when there are enough one is dropped.
/// A thread-local would keep one for each of thousands of virtual threads.
public final class Pool<T> {
  private static final int SLOTS = 16;

  private final AtomicReferenceArray<@Nullable T> idle = new AtomicReferenceArray<>(SLOTS);

  /// An idle object, which is the caller's alone until it gives it back.
  public @Nullable T take() {
    int start = start();
    for (int i = 0; i < SLOTS; i++) {
      int slot = (start + i) % SLOTS;
      if (idle.getPlain(slot) != null) {
        T taken = idle.getAndSet(slot, null);
        if (taken != null) {
          return taken;
        }
      }
    }
    return null;
  }

  /// Keeps `item` for the next. An object that failed is not to be given back.
  public void give(T item) {
    int start = start();
    for (int i = 0; i < SLOTS; i++) {
      int slot = (start + i) % SLOTS;
      if (idle.getPlain(slot) == null && idle.compareAndSet(slot, null, item)) {
        return;
      }
    }
  }

  /// Spreads threads over the slots.
  private static int start() {
    return (int) (Thread.currentThread().threadId() % SLOTS);
  }
}
