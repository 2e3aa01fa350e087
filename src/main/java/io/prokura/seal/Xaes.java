package io.prokura.seal;

import io.prokura.kernel.Pool;
import io.prokura.kernel.World;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// XAES-256-GCM (C2SP): AES-256-GCM under a key derived for each message from the first half of a
/// 192-bit nonce. Random nonces may be drawn for as many messages as one likes, where plain
/// AES-GCM has to stop after 2^32. Safe for use by many threads.
final class Xaes {
  static final int NONCE = 24;
  static final int TAG = 16;
  private static final int BLOCK = 16;
  private static final int HALF = 12;

  private final SecretKeySpec key;
  private final byte[] mask;
  private final Pool<Ciphers> idle;

  /// What computes the cipher, for one thread at a time and any key.
  record Ciphers(Cipher block, Cipher gcm) {}

  /// `idle` is shared by all who encrypt in the same place: making ciphers costs more than using
  /// them.
  Xaes(byte[] key, Pool<Ciphers> idle) {
    if (key.length != 32) {
      throw new IllegalArgumentException("not a 256-bit key");
    }
    this.key = new SecretKeySpec(key, "AES");
    this.idle = idle;
    try {
      var ciphers = take();
      mask = doubled(ciphers.block().doFinal(new byte[BLOCK]));
      idle.give(ciphers);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// `prefix`, a fresh nonce, the ciphertext and its tag, one behind the other.
  byte[] encrypt(World world, byte[] prefix, byte[] plain, byte[] associated) {
    var nonce = world.bytes(NONCE);
    var out = new byte[prefix.length + NONCE + plain.length + TAG];
    System.arraycopy(prefix, 0, out, 0, prefix.length);
    System.arraycopy(nonce, 0, out, prefix.length, NONCE);
    try {
      var ciphers = take();
      var gcm = initialised(ciphers, Cipher.ENCRYPT_MODE, nonce, 0);
      gcm.updateAAD(associated);
      gcm.doFinal(plain, 0, plain.length, out, prefix.length + NONCE);
      idle.give(ciphers);
      return out;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The plain text of what stands in `sealed` from `offset`; empty when it is not authentic.
  Optional<byte[]> decrypt(byte[] sealed, int offset, byte[] associated) {
    int from = offset + NONCE;
    if (sealed.length < from + TAG) {
      return Optional.empty();
    }
    try {
      var ciphers = take();
      var gcm = initialised(ciphers, Cipher.DECRYPT_MODE, sealed, offset);
      gcm.updateAAD(associated);
      var plain = gcm.doFinal(sealed, from, sealed.length - from);
      idle.give(ciphers);
      return Optional.of(plain);
    } catch (AEADBadTagException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private Cipher initialised(Ciphers ciphers, int mode, byte[] nonce, int offset)
      throws GeneralSecurityException {
    var blocks = new byte[2 * BLOCK];
    for (int i = 0; i < 2; i++) {
      int at = i * BLOCK;
      blocks[at + 1] = (byte) (i + 1);
      blocks[at + 2] = 'X';
      System.arraycopy(nonce, offset, blocks, at + 4, HALF);
      for (int j = 0; j < BLOCK; j++) {
        blocks[at + j] ^= mask[j];
      }
    }
    var derived = ciphers.block().doFinal(blocks);
    ciphers
        .gcm()
        .init(
            mode,
            new SecretKeySpec(derived, "AES"),
            new GCMParameterSpec(TAG * 8, nonce, offset + HALF, NONCE - HALF));
    return ciphers.gcm();
  }

  private Ciphers take() throws GeneralSecurityException {
    var kept = idle.take();
    // Whole blocks, each a message of its own to a pseudorandom function: nothing is chained.
    var ciphers =
        kept == null
            ? new Ciphers(
                Cipher.getInstance("AES/ECB/NoPadding"), Cipher.getInstance("AES/GCM/NoPadding"))
            : kept;
    ciphers.block().init(Cipher.ENCRYPT_MODE, key);
    return ciphers;
  }

  /// Twice the block in the field of CMAC (NIST SP 800-38B §6.1).
  private static byte[] doubled(byte[] block) {
    var doubled = new byte[BLOCK];
    int carry = 0;
    for (int i = BLOCK - 1; i >= 0; i--) {
      int shifted = (block[i] & 0xff) << 1 | carry;
      doubled[i] = (byte) shifted;
      carry = shifted >> 8;
    }
    doubled[BLOCK - 1] ^= (byte) (carry * 0x87);
    return doubled;
  }
}
