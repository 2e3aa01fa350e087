package io.prokura.seal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.kernel.Outage;
import io.prokura.kernel.World;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;

/// The key under which every stored secret is wrapped: 256 random bits that are never in the
/// database. There may be several generations while it is replaced; the newest wraps, all unwrap.
/// Its seals follow it. Safe for use by many threads.
public final class MasterKey {
  private final MasterKeySource source;
  private final World world;
  private final AtomicReference<List<Generation>> generations;

  private volatile boolean beingReplaced;

  private MasterKey(MasterKeySource source, World world) {
    this.source = source;
    this.world = world;
    generations = new AtomicReference<>(List.of());
    hold(file().open(world));
  }

  /// One 256-bit key. Its id follows from the key, so a damaged key can't pass for a sound one.
  static final class Generation {
    private final byte[] key;
    private final int id;

    Generation(byte[] key) {
      if (key.length != 32) {
        throw new IllegalArgumentException("not a 256-bit key");
      }
      this.key = key.clone();
      var hash = hkdf("id", Integer.BYTES);
      this.id = Integer.parseUnsignedInt(HexFormat.of().formatHex(hash), 16);
    }

    static Generation random(World world) {
      return new Generation(world.bytes(32));
    }

    int id() {
      return id;
    }

    byte[] key() {
      return key.clone();
    }

    /// A 256-bit key for one purpose, by HKDF-SHA-256 (RFC 5869) with the purpose as `info`.
    byte[] derive(String purpose) {
      return hkdf(purpose, 32);
    }

    private byte[] hkdf(String info, int length) {
      var parameters =
          HKDFParameterSpec.ofExtract()
              .addIKM(key)
              .thenExpand(("prokura master key " + info).getBytes(UTF_8), length);
      try {
        return KDF.getInstance("HKDF-SHA256").deriveData(parameters);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /// The master key from `source`, which makes one where there is none yet. Throws `Outage` with a
  /// message for the operator when others could read the key, when it lies where it must not, or
  /// when it is damaged.
  public static MasterKey open(MasterKeySource source, World world) {
    return new MasterKey(source, world);
  }

  private MasterKeyFile file() {
    return switch (source) {
      case MasterKeySource.File file -> new MasterKeyFile(file);
    };
  }

  /// Takes note of generations that were added or taken away at the source. What this server held
  /// so far it holds on to, but for wrapping. Throws `Outage` when the source has none of that, as
  /// it is another server's then.
  public void reload() {
    var found = file().read();
    var ids = ids(found);
    if (generations.get().stream().noneMatch(held -> ids.contains(held.id()))) {
      throw new Outage("the master key was replaced by another one while the server runs");
    }
    hold(found);
  }

  private synchronized void hold(List<Generation> found) {
    var ids = ids(found);
    var all = new ArrayList<>(generations.get());
    all.removeIf(held -> ids.contains(held.id()));
    all.addAll(found);
    if (!ids(all).equals(ids(generations.get()))) {
      generations.set(List.copyOf(all));
    }
    beingReplaced = found.size() > 1;
  }

  private static List<Integer> ids(List<Generation> generations) {
    return generations.stream().map(Generation::id).toList();
  }

  /// Adds a generation at the source, under which this server wraps from now on; what was wrapped
  /// before stays readable.
  public void add() {
    hold(file().rotate(world));
  }

  /// Takes away all generations at the source that are older than the one this server wraps under.
  /// What is still wrapped under one of them can't be read any more after a restart.
  public void dropOlder() {
    var held = generations.get();
    hold(file().drop(world, held.subList(0, held.size() - 1)));
  }

  /// Whether the source has a generation that is on its way out.
  public boolean isBeingReplaced() {
    return beingReplaced;
  }

  /// A seal for `purpose`: a constant name, as `signing-key` or `entry`.
  public Seal seal(World world, String purpose) {
    return new Seal(world, this, purpose);
  }

  List<Generation> generations() {
    return generations.get();
  }

  /// The public name of the newest generation, for the operator.
  public String id() {
    return HexFormat.of().toHexDigits(generations.get().getLast().id());
  }

  @Override
  public String toString() {
    return "MasterKey " + id();
  }
}
