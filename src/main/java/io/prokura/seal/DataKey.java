package io.prokura.seal;

import io.prokura.kernel.World;

/// A random 256-bit key for the fields of one person or one entry. It is stored wrapped; deleting
/// the wrapped form everywhere erases what it encrypted. Safe for use by many threads.
public final class DataKey {
  private static final byte[] VERSION = {1};

  private final World world;
  private final byte[] key;
  private final Xaes xaes;

  private DataKey(World world, Seal seal, byte[] key) {
    this.world = world;
    this.key = key;
    this.xaes = new Xaes(key, seal.idle());
  }

  /// A new key, to be wrapped by `seal`.
  public static DataKey random(World world, Seal seal) {
    return new DataKey(world, seal, world.bytes(32));
  }

  /// The key that `wrap` put away with the same `seal` and `associated`. Throws `BrokenSeal`.
  public static DataKey unwrap(World world, Seal seal, byte[] wrapped, byte[] associated) {
    var key = seal.unwrap(wrapped, associated);
    if (key.length != 32) {
      throw new BrokenSeal("not a data key");
    }
    return new DataKey(world, seal, key);
  }

  /// The key as it may be stored, bound to `associated` (whose key it is): 77 bytes.
  public byte[] wrap(Seal seal, byte[] associated) {
    return seal.wrap(key, associated);
  }

  /// Encrypts a field, bound to `associated` (which field of what it is). 41 bytes longer.
  public byte[] encrypt(byte[] plain, byte[] associated) {
    return xaes.encrypt(world, VERSION, plain, associated);
  }

  /// What was encrypted. Throws `BrokenSeal` when it was changed or belongs elsewhere.
  public byte[] decrypt(byte[] sealed, byte[] associated) {
    if (sealed.length == 0 || sealed[0] != VERSION[0]) {
      throw new BrokenSeal("not an encrypted field");
    }
    return xaes.decrypt(sealed, VERSION.length, associated)
        .orElseThrow(() -> new BrokenSeal("an encrypted field was changed or belongs elsewhere"));
  }

  @Override
  public String toString() {
    return "DataKey";
  }
}
