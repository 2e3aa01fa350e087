package io.prokura.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Percent-decoding that refuses what it cannot read instead of guessing.
final class UrlEncoding {
  private UrlEncoding() {}

  /// The text of `bytes[start, end)` with `%xx` decoded and `+` as a space (WHATWG URL §5.1); null
  /// when an escape is broken, a byte is not printable ASCII, or the result is not UTF-8 or has a
  /// NUL, which PostgreSQL takes in no text.
  static @Nullable String decode(byte[] bytes, int start, int end) {
    var out = new byte[end - start];
    int length = 0;
    boolean ascii = true;
    for (int i = start; i < end; i++) {
      int b = bytes[i];
      if (b == '+') {
        b = ' ';
      } else if (b == '%') {
        b = i + 2 < end ? (hex(bytes[i + 1]) << 4) | hex(bytes[i + 2]) : -1;
        if (b <= 0) {
          return null;
        }
        i += 2;
      } else if (b < ' ' || b == 0x7f) {
        return null;
      }
      ascii &= b < 0x80;
      out[length++] = (byte) b;
    }
    return ascii
        ? new String(out, 0, length, StandardCharsets.US_ASCII)
        : utf8(ByteBuffer.wrap(out, 0, length));
  }

  /// The text of one path segment, in which `+` stands for itself; null when it is broken, or
  /// would mean another path once decoded: a dot segment, or one with a slash or a control
  /// character in it (RFC 3986 §6.2.2).
  static @Nullable String decodeSegment(String segment) {
    var text = segment;
    if (segment.indexOf('%') >= 0) {
      var bytes = segment.replace("+", "%2B").getBytes(StandardCharsets.UTF_8);
      text = decode(bytes, 0, bytes.length);
      if (text == null) {
        return null;
      }
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == 0x7f || c == '/' || c == '\\') {
        return null;
      }
    }
    return text.equals(".") || text.equals("..") ? null : text;
  }

  private static @Nullable String utf8(ByteBuffer bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /// The value of a hexadecimal digit; negative, and so any number made of it, for anything else.
  private static int hex(byte digit) {
    return digit < 0 ? -1 : Character.digit((char) digit, 16);
  }
}
