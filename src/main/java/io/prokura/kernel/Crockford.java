package io.prokura.kernel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// Lower-case Crockford base32, the text form of random identifiers.
final class Crockford {
  private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

  /// Characters that 128 bits take: 25 of five bits and one of three.
  static final int LENGTH = 26;

  private Crockford() {}

  /// The 26 characters of a 128-bit number.
  static String encode(long high, long low) {
    var text = new byte[LENGTH];
    for (int i = LENGTH - 1; i >= 0; i--) {
      text[i] = (byte) ALPHABET.charAt((int) (low & 31));
      low = (low >>> 5) | (high << 59);
      high >>>= 5;
    }
    return new String(text, ISO_8859_1);
  }

  static boolean isEncoded(CharSequence text) {
    if (text.length() != LENGTH || text.charAt(0) > '7') {
      return false;
    }
    for (int i = 0; i < LENGTH; i++) {
      if (ALPHABET.indexOf(text.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }
}
