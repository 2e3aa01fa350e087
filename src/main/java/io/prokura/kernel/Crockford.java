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

  /// Whether `text` goes on with the 26 characters of such a number at `start` and ends there.
  static boolean isEncoded(String text, int start) {
    if (text.length() != start + LENGTH || text.charAt(start) > '7') {
      return false;
    }
    for (int i = start; i < text.length(); i++) {
      if (!isDigit(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDigit(char c) {
    return c <= '9'
        ? c >= '0'
        : c >= 'a' && c <= 'z' && c != 'i' && c != 'l' && c != 'o' && c != 'u';
  }
}
