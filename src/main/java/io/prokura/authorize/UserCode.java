package io.prokura.authorize;

import io.prokura.kernel.World;
import java.util.Locale;

/// What a person types in to find the request of a device: eight consonants, so that they make no
/// words and can't be mistaken for digits (RFC 8628 §6.1). There are 20^8 of them, about 34 bits.
final class UserCode {
  private static final String LETTERS = "BCDFGHJKLMNPQRSTVWXZ";
  private static final int LENGTH = 8;
  private static final int TYPED_MAX = 32;

  /// The greatest multiple of 20 that a byte can have: what is above would favour some letters.
  private static final int FAIR = 240;

  private UserCode() {}

  static String random(World world) {
    var code = new StringBuilder();
    while (code.length() < LENGTH) {
      int drawn = world.bytes(1)[0] & 0xff;
      if (drawn < FAIR) {
        code.append(LETTERS.charAt(drawn % LETTERS.length()));
      }
    }
    return code.toString();
  }

  /// As it is shown: `WDJB-MJHT`.
  static String shown(String code) {
    return code.substring(0, LENGTH / 2) + "-" + code.substring(LENGTH / 2);
  }

  /// The code that somebody typed in, in whatever case and however divided; what is none stays
  /// none.
  static String typed(String text) {
    return text.length() > TYPED_MAX
        ? ""
        : text.toUpperCase(Locale.ROOT).replaceAll("[^" + LETTERS + "]", "");
  }
}
