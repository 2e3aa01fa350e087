package io.prokura.seal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.kernel.World;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;

/// The key under which every stored secret is wrapped: 256 random bits that are never in the
/// database. There may be several generations; the newest wraps, all unwrap. Immutable.
public final class MasterKey {
  private final List<Generation> generations;

  private MasterKey(List<Generation> generations) {
    this.generations = List.copyOf(generations);
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
    return switch (source) {
      case MasterKeySource.File file -> new MasterKey(new MasterKeyFile(file).open(world));
    };
  }

  /// Adds a generation at `source`; what was wrapped before stays readable. Running servers keep
  /// wrapping under the generation they opened until they open the master key anew.
  public static MasterKey rotate(MasterKeySource source, World world) {
    return switch (source) {
      case MasterKeySource.File file -> new MasterKey(new MasterKeyFile(file).rotate(world));
    };
  }

  /// A seal for `purpose`: a constant name, as `signing-key` or `entry`.
  public Seal seal(World world, String purpose) {
    return new Seal(world, generations, purpose);
  }

  /// The public name of the newest generation, for the operator.
  public String id() {
    return HexFormat.of().toHexDigits(generations.getLast().id());
  }

  @Override
  public String toString() {
    return "MasterKey " + id();
  }
}
