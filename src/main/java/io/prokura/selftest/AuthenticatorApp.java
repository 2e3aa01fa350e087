package io.prokura.selftest;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// What shows somebody the second factor of their sign-in (RFC 6238), of the kind that everybody
/// uses: HMAC-SHA-1, six digits, half a minute.
///
/// @param key in base32, as a page shows it (RFC 4648 §6)
record AuthenticatorApp(String key) {
  private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final long STEP_SECONDS = 30;
  private static final int DIGITS_BOUND = 1_000_000;

  /// The six digits of a moment.
  String shown(Instant now) {
    try {
      var mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(bytes(), "HmacSHA1"));
      long step = now.getEpochSecond() / STEP_SECONDS;
      var code =
          ByteBuffer.wrap(mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(step).array()));
      int word = code.getInt(code.get(code.limit() - 1) & 0xf) & Integer.MAX_VALUE;
      return "%06d".formatted(word % DIGITS_BOUND);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HMAC-SHA-1 is missing", e);
    }
  }

  private byte[] bytes() {
    var bits = new StringBuilder();
    for (char letter : key.replace(" ", "").toCharArray()) {
      var five = Integer.toBinaryString(BASE32.length() + BASE32.indexOf(letter));
      bits.append(five.substring(1));
    }
    var hex = new StringBuilder();
    for (int i = 0; i + 8 <= bits.length(); i += 8) {
      hex.append("%02x".formatted(Integer.parseInt(bits.substring(i, i + 8), 2)));
    }
    return HexFormat.of().parseHex(hex);
  }

  @Override
  public String toString() {
    return "an authenticator app";
  }
}
