package io.prokura.authenticators;

import io.prokura.kernel.World;
import java.lang.ref.SoftReference;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.FixedBlockPool;

/// Hashes passwords, a few at a time: each takes a core and megabytes for tens of milliseconds on
/// purpose, so a crowd at the sign-in page waits in a short line, and who comes when that is full
/// is told to come again. Everything else the server does goes on beside it, and before it where
/// the cores do not suffice for both, if the threads it is given spare them. The megabytes are used
/// again and again, for they are more than a young generation has room for. Safe for many threads.
public final class PasswordHashing {
  private final World world;
  private final PasswordHash.Cost cost;
  private final Executor turns;
  private final int blocks;
  private final AtomicReference<Optional<SoftReference<FixedBlockPool>>> kept;
  private final AtomicInteger present = new AtomicInteger();
  private final int presentMax;
  private final PasswordHash nobodys;

  /// What came of looking at a password.
  public enum Verdict {
    RIGHT,
    WRONG,

    /// The password was not looked at: too many are waiting.
    BUSY
  }

  private PasswordHashing(
      World world, PasswordHash.Cost cost, Executor turns, int atOnce, int waitingMax) {
    this.world = world;
    this.cost = cost;
    this.turns = turns;
    blocks = atOnce * cost.memory();
    kept = new AtomicReference<>(Optional.empty());
    presentMax = atOnce + waitingMax;
    nobodys = PasswordHash.of("", cost, world, new FixedBlockPool(cost.memory()));
  }

  /// Hashes passwords by `turns`, which does `atOnce` things at a time, while `waitingMax` more
  /// wait.
  public static PasswordHashing standard(World world, Executor turns, int atOnce, int waitingMax) {
    return new PasswordHashing(world, PasswordHash.Cost.STANDARD, turns, atOnce, waitingMax);
  }

  static PasswordHashing costing(
      World world, PasswordHash.Cost cost, Executor turns, int atOnce, int waitingMax) {
    return new PasswordHashing(world, cost, turns, atOnce, waitingMax);
  }

  /// The hash of a new password; empty when too many wait.
  Optional<PasswordHash> hash(String password) {
    return inTurn(() -> PasswordHash.of(password, cost, world, memory()));
  }

  /// Whether `known` is the hash of `password`. Where nothing is known the work is done all the
  /// same, so that the time says nothing about who is in the directory.
  Verdict verdict(Optional<PasswordHash> known, String password) {
    return inTurn(() -> known.orElse(nobodys).isOf(password, memory()) && known.isPresent())
        .map(right -> right ? Verdict.RIGHT : Verdict.WRONG)
        .orElse(Verdict.BUSY);
  }

  /// Whether a password that comes now would not be looked at.
  boolean isFull() {
    return present.get() >= presentMax;
  }

  /// Whether a hash was made at another cost than new ones are.
  boolean isOutdated(PasswordHash hash) {
    return !hash.cost().equals(cost);
  }

  /// The memory of the last hash, unless something else has needed it since.
  private FixedBlockPool memory() {
    return kept.get()
        .flatMap(one -> Optional.ofNullable(one.get()))
        .orElseGet(
            () -> {
              var fresh = new FixedBlockPool(blocks);
              kept.set(Optional.of(new SoftReference<>(fresh)));
              return fresh;
            });
  }

  /// What `work` comes to once it is its turn; empty when too many wait.
  private <T> Optional<T> inTurn(Supplier<T> work) {
    try {
      return present.incrementAndGet() > presentMax
          ? Optional.empty()
          : Optional.of(CompletableFuture.supplyAsync(work, turns).join());
    } finally {
      present.decrementAndGet();
    }
  }
}
