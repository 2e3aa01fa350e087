package io.prokura.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.jose.Crypto;
import io.prokura.kernel.Heap;
import io.prokura.kernel.Limits;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import io.prokura.sql.Dialect;
import io.prokura.sql.Tx;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The memory for things that may be used once: client assertions, DPoP proofs,
/// hand-overs.
///
/// What says when it was issued is remembered in this node's memory, so that the common case writes
/// no row. A restart forgets it; therefore what was issued before the start is refused afterwards.
/// Clocks may be a skew apart, so two cases are remembered in the database instead: what says that
/// it was issued later than now, and what was issued within a skew after the start. The same goes
/// for what does not say when it was issued, and for everything where nodes share a database.
public final class OneTime {
  /// Things kept in memory at a time in a heap of 512 MB ([Heap#room]), at about 80 bytes each:
  /// more than 10,000 proofs a second come to, each of which is good for a minute and the skew.
  private static final int REMEMBERED_MAX = 700_000;

  private static final int SWEEP_MAX = 5_000;
  private static final int SWEEPS_MAX = 20;

  private final World world;
  private final Database database;
  private final Duration skew;
  private final int rememberedMax;
  private final boolean shared;
  private final Instant startedAt;
  private final Map<Mark, Long> remembered = new ConcurrentHashMap<>();

  /// The first 128 bits of a hash.
  private record Mark(long high, long low) {
    static Mark of(byte[] hash) {
      var bytes = ByteBuffer.wrap(hash);
      return new Mark(bytes.getLong(), bytes.getLong());
    }
  }

  /// What became of an attempt to use something.
  public enum Outcome {
    /// Nobody has used it before.
    FIRST,
    /// It has been used.
    REPEATED,
    /// It was issued before this server started, so nobody can tell.
    BEFORE_START,
    /// There is no room to remember it.
    FULL
  }

  /// Counts as started now, unless no server was ever started on this database: then nothing can
  /// have been used before. What is kept in memory is bounded.
  public OneTime(World world, Database database, Limits limits) {
    this(world, database, limits.clockSkew(), Heap.room(REMEMBERED_MAX));
  }

  OneTime(World world, Database database, Duration skew, int rememberedMax) {
    this.world = world;
    this.database = database;
    this.skew = skew;
    this.rememberedMax = rememberedMax;
    shared = database.dialect() == Dialect.POSTGRES;
    var now = world.now();
    boolean first = shared || database.<Boolean>inTransaction(OneTimeStore::isFirstStart);
    startedAt = first ? Instant.EPOCH : now;
  }

  /// Uses `value` among those of the same `use`. It says that it was issued at `issuedAt` and must
  /// not be accepted by anybody from `until` on. Not to be called in a transaction.
  public Outcome use(String use, String value, Instant issuedAt, Instant until) {
    if (issuedAt.isBefore(startedAt)) {
      return Outcome.BEFORE_START;
    }
    boolean durable =
        shared || issuedAt.isAfter(world.now()) || issuedAt.isBefore(startedAt.plus(skew));
    return use(hash(use, value), until, durable);
  }

  /// Uses `value`, which does not say when it was issued.
  public Outcome use(String use, String value, Instant until) {
    return use(hash(use, value), until, true);
  }

  private Outcome use(byte[] hash, Instant until, boolean durable) {
    if (!shared) {
      if (remembered.size() >= rememberedMax) {
        return Outcome.FULL;
      }
      if (remembered.putIfAbsent(Mark.of(hash), until.toEpochMilli()) != null) {
        return Outcome.REPEATED;
      }
    }
    boolean first =
        !durable || database.<Boolean>inTransaction(tx -> OneTimeStore.insert(tx, hash, until));
    return first ? Outcome.FIRST : Outcome.REPEATED;
  }

  /// Uses `value` as part of `tx`: true when nobody has before. It is used only if `tx` commits,
  /// and must not be accepted by anybody from `until` on.
  public boolean spend(Tx tx, String value, Instant until) {
    return OneTimeStore.insert(tx, hash("spend", value), until);
  }

  /// Forgets what nobody accepts any more.
  public void tick() {
    var now = world.now();
    remembered.values().removeIf(until -> until <= now.toEpochMilli());
    int swept = SWEEP_MAX;
    for (int i = 0; i < SWEEPS_MAX && swept == SWEEP_MAX; i++) {
      swept =
          database.inTransaction(
              tx -> {
                tx.makeUrgent();
                return OneTimeStore.sweep(tx, now, SWEEP_MAX);
              });
    }
  }

  private static byte[] hash(String use, String value) {
    return Crypto.sha256((use + "\n" + value).getBytes(UTF_8));
  }
}
