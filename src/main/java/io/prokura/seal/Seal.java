package io.prokura.seal;

import io.prokura.kernel.Pool;
import io.prokura.kernel.World;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Encrypts for one purpose under keys derived from the master key, so that what was sealed for one
/// purpose can't be opened for another. Sealed bytes are 45 longer than what they hold: a version,
/// the master key's id, a nonce and a tag. Safe for use by many threads.
public final class Seal {
  private static final byte VERSION = 1;
  private static final int PREFIX = 1 + Integer.BYTES;

  private final World world;
  private final Pool<Xaes.Ciphers> idle = new Pool<>();
  private final MasterKey master;
  private final String purpose;
  private volatile Keys keys;

  /// The keys of this purpose for one list of the master key's generations, the newest last.
  private static final class Keys {
    final List<MasterKey.Generation> of;
    final Map<Integer, Xaes> byId = new HashMap<>();
    final Xaes newest;
    final byte[] prefix;

    Keys(List<MasterKey.Generation> of, String purpose, Pool<Xaes.Ciphers> idle) {
      this.of = of;
      for (var generation : of) {
        byId.put(generation.id(), new Xaes(generation.derive("seal 1 " + purpose), idle));
      }
      int current = of.getLast().id();
      newest = Objects.requireNonNull(byId.get(current));
      prefix = ByteBuffer.allocate(PREFIX).put(VERSION).putInt(current).array();
    }
  }

  Seal(World world, MasterKey master, String purpose) {
    this.world = world;
    this.master = master;
    this.purpose = purpose;
    keys = new Keys(master.generations(), purpose, idle);
  }

  private Keys keys() {
    var known = keys;
    var generations = master.generations();
    if (!known.of.equals(generations)) {
      known = new Keys(generations, purpose, idle);
      keys = known;
    }
    return known;
  }

  /// Encrypts `plain` under the newest master key, bound to `associated`, which must be given again
  /// to open it and is not stored.
  public byte[] wrap(byte[] plain, byte[] associated) {
    var now = keys();
    return now.newest.encrypt(world, now.prefix, plain, associated);
  }

  /// What was wrapped, under any master key still held. Another node may have added one, so the
  /// source is asked once for a key that is not held. Throws `BrokenSeal` when it was changed,
  /// wrapped for another purpose or with other associated data, or under a key not held.
  public byte[] unwrap(byte[] sealed, byte[] associated) {
    if (sealed.length < PREFIX || sealed[0] != VERSION) {
      throw new BrokenSeal("not something sealed");
    }
    int id = keyId(sealed);
    var key = keys().byId.get(id);
    if (key == null) {
      master.reload();
      key = keys().byId.get(id);
    }
    if (key == null) {
      throw new BrokenSeal("sealed under a master key that is not held");
    }
    return key.decrypt(sealed, PREFIX, associated)
        .orElseThrow(() -> new BrokenSeal("sealed bytes were changed or belong elsewhere"));
  }

  /// The same as [#wrap], as base64url, for what a cookie or a field of a form carries.
  public String wrapToText(byte[] plain, byte[] associated) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(wrap(plain, associated));
  }

  /// What came of [#wrapToText] with the same `associated`; nothing for any other text.
  public Optional<byte[]> unwrapText(String sealed, byte[] associated) {
    try {
      return Optional.of(unwrap(Base64.getUrlDecoder().decode(sealed), associated));
    } catch (IllegalArgumentException | BrokenSeal e) {
      return Optional.empty();
    }
  }

  /// Whether `sealed` names the newest master key; what does not is to be wrapped again before an
  /// older key is taken away.
  public boolean isCurrent(byte[] sealed) {
    return sealed.length >= PREFIX && Arrays.equals(sealed, 0, PREFIX, keys().prefix, 0, PREFIX);
  }

  Pool<Xaes.Ciphers> idle() {
    return idle;
  }

  private static int keyId(byte[] sealed) {
    return ByteBuffer.wrap(sealed).getInt(1);
  }
}
