package io.prokura.tlog;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;

/// The lexical rules that notes, checkpoints, proofs and paths share: every value has one spelling.
final class Syntax {
  private static final int DECIMAL_DIGITS_MAX = 19;

  private Syntax() {}

  /// The number below 2^63 that `text` spells in decimal without sign or leading zeros.
  static long decimal(String text, String what) throws InvalidException {
    var canonical =
        !text.isEmpty()
            && text.length() <= DECIMAL_DIGITS_MAX
            && text.chars().allMatch(c -> c >= '0' && c <= '9')
            && (text.length() == 1 || text.charAt(0) != '0');
    if (!canonical) {
      throw new InvalidException(what + " is not a decimal number in canonical form");
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException _) {
      throw new InvalidException(what + " is not below 2^63");
    }
  }

  /// The bytes that `text` spells in padded base64 with zero trailing bits, RFC 4648 §4.
  static byte[] base64(String text, String what) throws InvalidException {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException _) {
      throw new InvalidException(what + " is not base64");
    }
    if (!base64(bytes).equals(text)) {
      throw new InvalidException(what + " is not base64 in canonical form");
    }
    return bytes;
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  static String utf8(byte[] bytes, String what) throws InvalidException {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException _) {
      throw new InvalidException(what + " is not UTF-8");
    }
  }

  /// Whether `text` may stand in a note: no control characters but newline, no lone surrogates.
  static boolean isNoteText(String text) {
    return text.codePoints()
        .allMatch(c -> (c >= ' ' || c == '\n') && !(c >= 0xD800 && c <= 0xDFFF));
  }

  /// Whether `text` is one non-empty line that may stand in a note.
  static boolean isLine(String text) {
    return !text.isEmpty() && text.indexOf('\n') < 0 && isNoteText(text);
  }

  /// Whether `text` is a key name: a line without plus and without Unicode spaces.
  static boolean isKeyName(String text) {
    return isLine(text) && text.codePoints().noneMatch(c -> c == '+' || isSpace(c));
  }

  private static boolean isSpace(int codePoint) {
    return Character.isSpaceChar(codePoint)
        || Character.isWhitespace(codePoint)
        || codePoint == 0x85;
  }
}
