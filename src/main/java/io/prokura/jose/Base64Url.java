package io.prokura.jose;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Base64;
import java.util.Optional;

/// Base64url without padding (RFC 7515 §2), where every byte string has exactly one spelling.
public final class Base64Url {
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  private Base64Url() {}

  public static String encode(byte[] bytes) {
    return new String(encodeToBytes(bytes), ISO_8859_1);
  }

  static byte[] encodeToBytes(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encode(bytes);
  }

  /// The bytes `text` spells; empty for padding, white space, foreign characters, an impossible
  /// length, and bits set behind the last byte, which would give one value two spellings.
  public static Optional<byte[]> decode(String text) {
    int spare =
        switch (text.length() % 4) {
          case 0 -> 0;
          case 2 -> 4;
          case 3 -> 2;
          default -> -1;
        };
    if (spare < 0 || text.indexOf('=') >= 0) {
      return Optional.empty();
    }
    if (spare > 0) {
      int last = ALPHABET.indexOf(text.charAt(text.length() - 1));
      if (last < 0 || (last & ((1 << spare) - 1)) != 0) {
        return Optional.empty();
      }
    }
    try {
      return Optional.of(Base64.getUrlDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
