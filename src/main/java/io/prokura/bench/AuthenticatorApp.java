package io.prokura.bench;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Instant;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The app that shows a person one-time codes (RFC 6238), with the one secret that was typed in.
final class AuthenticatorApp {
  private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final int STEP_SECONDS = 30;
  private static final int MODULUS = 1_000_000;

  private final byte[] secret;

  /// An app that was given `key`, in Base32, as the page shows it.
  AuthenticatorApp(String key) {
    var typed = key.replace(" ", "");
    var bytes = ByteBuffer.allocate(typed.length() * 5 / 8);
    long bits = 0;
    int held = 0;
    for (int i = 0; i < typed.length(); i++) {
      bits = bits << 5 | ALPHABET.indexOf(typed.charAt(i));
      held += 5;
      if (held >= 8) {
        held -= 8;
        bytes.put((byte) (bits >> held));
      }
    }
    secret = bytes.array();
  }

  /// The code at a time (RFC 4226 §5.3).
  String shows(Instant at) {
    try {
      var mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(secret, "HmacSHA1"));
      long step = at.getEpochSecond() / STEP_SECONDS;
      var digest = mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(step).array());
      int offset = digest[digest.length - 1] & 0xf;
      int number = ByteBuffer.wrap(digest).getInt(offset) & 0x7fffffff;
      return "%06d".formatted(number % MODULUS);
    } catch (GeneralSecurityException e) {
      throw new BenchmarkFailure("HMAC is missing", e);
    }
  }
}
