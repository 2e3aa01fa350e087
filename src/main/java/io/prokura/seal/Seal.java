package io.prokura.seal;

import io.prokura.kernel.Pool;
import io.prokura.kernel.World;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Encrypts for one purpose under keys derived from the master key, so that what was sealed for one
/// purpose can't be opened for another. Sealed bytes are 45 longer than what they hold: a version,
/// the master key's id, a nonce and a tag. Safe for use by many threads.
public final class Seal {
  private static final byte VERSION = 1;
  private static final int PREFIX = 1 + Integer.BYTES;

  private final World world;
  private final Pool<Xaes.Ciphers> idle = new Pool<>();
  private final Map<Integer, Xaes> keys;
  private final int current;
  private final byte[] prefix;

  /// `generations` hold the newest last.
  Seal(World world, List<MasterKey.Generation> generations, String purpose) {
    this.world = world;
    keys = new LinkedHashMap<>();
    for (var generation : generations) {
      keys.put(generation.id(), new Xaes(generation.derive("seal 1 " + purpose), idle));
    }
    current = generations.getLast().id();
    prefix = ByteBuffer.allocate(PREFIX).put(VERSION).putInt(current).array();
  }

  /// Encrypts `plain` under the newest master key, bound to `associated`, which must be given again
  /// to open it and is not stored.
  public byte[] wrap(byte[] plain, byte[] associated) {
    return Objects.requireNonNull(keys.get(current)).encrypt(world, prefix, plain, associated);
  }

  /// What was wrapped, under any master key still held. Throws `BrokenSeal` when it was changed,
  /// wrapped for another purpose or with other associated data, or under a key not held.
  public byte[] unwrap(byte[] sealed, byte[] associated) {
    if (sealed.length < PREFIX || sealed[0] != VERSION) {
      throw new BrokenSeal("not something sealed");
    }
    var key = keys.get(keyId(sealed));
    if (key == null) {
      throw new BrokenSeal("sealed under a master key that is not held");
    }
    return key.decrypt(sealed, PREFIX, associated)
        .orElseThrow(() -> new BrokenSeal("sealed bytes were changed or belong elsewhere"));
  }

  /// Whether `sealed` names the newest master key; what does not is to be wrapped again before an
  /// older key is taken away.
  public boolean isCurrent(byte[] sealed) {
    return sealed.length >= PREFIX && sealed[0] == VERSION && keyId(sealed) == current;
  }

  Pool<Xaes.Ciphers> idle() {
    return idle;
  }

  private static int keyId(byte[] sealed) {
    return ByteBuffer.wrap(sealed).getInt(1);
  }
}
