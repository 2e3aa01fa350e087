package io.prokura.authenticators;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.OptionalLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Time-based one-time passwords as every authenticator app makes them: HMAC-SHA-1, six digits,
/// steps of 30 seconds (RFC 6238 §4.2). SHA-1 is what apps understand; as a MAC it is not broken.
final class Totp {
  static final int DIGITS = 6;

  /// Bytes of a secret: as many as the hash has (RFC 4226 §4, R6).
  static final int SECRET_BYTES = 20;

  private static final long STEP_SECONDS = 30;
  private static final long WINDOW = 1;
  private static final int MODULUS = 1_000_000;

  private Totp() {}

  static long step(Instant at) {
    return Math.floorDiv(at.getEpochSecond(), STEP_SECONDS);
  }

  /// The step after `used` whose code `code` is, out of the one that `at` is in and its two
  /// neighbours; nothing when it is none of these. Whoever accepts the code writes the step down,
  /// so that no code is good twice (RFC 6238 §5.2).
  static OptionalLong accepts(byte[] secret, String code, Instant at, long used) {
    long now = step(at);
    long found = -1;
    for (long step = now - WINDOW; step <= now + WINDOW; step++) {
      if (step > used && equal(code(secret, step, MODULUS, DIGITS), code)) {
        found = step;
      }
    }
    return found < 0 ? OptionalLong.empty() : OptionalLong.of(found);
  }

  /// The code of a step (RFC 4226 §5.3).
  static String code(byte[] secret, long step, int modulus, int digits) {
    var digest = hmac(secret, ByteBuffer.allocate(Long.BYTES).putLong(step).array());
    int offset = digest[digest.length - 1] & 0xf;
    int number = ByteBuffer.wrap(digest).getInt(offset) & 0x7fffffff;
    var text = String.valueOf(number % modulus);
    return "0".repeat(digits - text.length()) + text;
  }

  private static byte[] hmac(byte[] secret, byte[] message) {
    try {
      var mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(secret, "HmacSHA1"));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HMAC is missing", e);
    }
  }

  private static boolean equal(String one, String other) {
    int difference = one.length() ^ other.length();
    for (int i = 0; i < one.length() && i < other.length(); i++) {
      difference |= one.charAt(i) ^ other.charAt(i);
    }
    return difference == 0;
  }
}
