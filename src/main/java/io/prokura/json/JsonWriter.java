package io.prokura.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;

/// Writes JSON text in UTF-8, plain or canonical (RFC 8785).
final class JsonWriter {
  private static final long EXACT_MAX = 1L << 53;
  private static final byte[] HEX = "0123456789abcdef".getBytes(ISO_8859_1);

  private final boolean canonical;
  private byte[] out = new byte[512];
  private int length;

  private JsonWriter(boolean canonical) {
    this.canonical = canonical;
  }

  static byte[] bytes(Json value, boolean canonical) {
    var writer = new JsonWriter(canonical);
    writer.write(value);
    return Arrays.copyOf(writer.out, writer.length);
  }

  static String text(Json value) {
    var writer = new JsonWriter(false);
    writer.write(value);
    return new String(writer.out, 0, writer.length, UTF_8);
  }

  private void write(Json value) {
    switch (value) {
      case Json.Obj object -> writeObject(object);
      case Json.Arr array -> writeArray(array);
      case Json.Str(var text) -> writeText(text);
      case Json.Whole(var number) -> writeWhole(number);
      case Json.Fraction(var number) -> writeAscii(fraction(number));
      case Json.Bool(var flag) -> writeAscii(flag ? "true" : "false");
      case Json.Null _ -> writeAscii("null");
    }
  }

  private void writeObject(Json.Obj object) {
    put('{');
    if (canonical) {
      var names = object.members().keySet().toArray(String[]::new);
      // String.compareTo orders by UTF-16 code unit, as RFC 8785 §3.2.3 asks.
      Arrays.sort(names);
      for (int i = 0; i < names.length; i++) {
        writeMember(i == 0, names[i], object.get(names[i]).orElseThrow());
      }
    } else {
      boolean first = true;
      for (var member : object.members().entrySet()) {
        writeMember(first, member.getKey(), member.getValue());
        first = false;
      }
    }
    put('}');
  }

  private void writeMember(boolean first, String name, Json value) {
    if (!first) {
      put(',');
    }
    writeText(name);
    put(':');
    write(value);
  }

  private void writeArray(Json.Arr array) {
    put('[');
    for (int i = 0; i < array.items().size(); i++) {
      if (i > 0) {
        put(',');
      }
      write(array.items().get(i));
    }
    put(']');
  }

  private void put(char c) {
    room(1);
    out[length++] = (byte) c;
  }

  private void writeAscii(String text) {
    room(text.length());
    for (int i = 0; i < text.length(); i++) {
      out[length++] = (byte) text.charAt(i);
    }
  }

  private void room(int more) {
    if (out.length - length < more) {
      out = Arrays.copyOf(out, Math.max(2 * out.length, Math.addExact(length, more)));
    }
  }

  /// RFC 8785 numbers are IEEE 754 doubles, so a whole number beyond 2^53 takes a double's
  /// spelling, which ends in zeros where its digits do not matter.
  private void writeWhole(long number) {
    boolean exact = -EXACT_MAX <= number && number <= EXACT_MAX;
    writeAscii(canonical && !exact ? fraction((double) number) : Long.toString(number));
  }

  /// The spelling of ECMAScript's `Number::toString`, which RFC 8785 §3.2.2.3 prescribes.
  private static String fraction(double number) {
    if (number == 0) {
      return "0";
    }
    var out = new StringBuilder();
    if (number < 0) {
      out.append('-');
    }
    var decimal = shortest(Math.abs(number));
    var digits = decimal.unscaledValue().toString();
    int point = digits.length() - decimal.scale();
    if (point > 21 || point <= -6) {
      out.append(digits.charAt(0));
      if (digits.length() > 1) {
        out.append('.').append(digits, 1, digits.length());
      }
      out.append('e').append(point > 0 ? "+" : "").append(point - 1);
    } else if (point <= 0) {
      out.append("0.").repeat('0', -point).append(digits);
    } else if (point >= digits.length()) {
      out.append(digits).repeat('0', point - digits.length());
    } else {
      out.append(digits, 0, point).append('.').append(digits, point, digits.length());
    }
    return out.toString();
  }

  /// The fewest digits that read back as `number`. `Double.toString` finds them too, but never
  /// fewer than two, which matters where one would do (5e-324).
  private static BigDecimal shortest(double number) {
    var decimal = new BigDecimal(Double.toString(number)).stripTrailingZeros();
    var rounded = decimal.round(new MathContext(1));
    return decimal.precision() == 2 && rounded.doubleValue() == number ? rounded : decimal;
  }

  private void writeText(String text) {
    // No character takes more than the six bytes of an escape.
    room(2 + 6 * text.length());
    out[length++] = '"';
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        i = writeWide(text, i);
      } else if (c < 0x20 || c == '"' || c == '\\') {
        writeEscaped(c);
      } else {
        out[length++] = (byte) c;
      }
    }
    out[length++] = '"';
  }

  /// Writes the characters from `start` on that are not ASCII; returns the place of the last one.
  private int writeWide(String text, int start) {
    int end = start + 1;
    while (end < text.length() && text.charAt(end) >= 0x80) {
      end++;
    }
    var bytes = text.substring(start, end).getBytes(UTF_8);
    System.arraycopy(bytes, 0, out, length, bytes.length);
    length += bytes.length;
    return end - 1;
  }

  private void writeEscaped(char c) {
    out[length++] = '\\';
    switch (c) {
      case '"', '\\' -> out[length++] = (byte) c;
      case '\b' -> out[length++] = 'b';
      case '\f' -> out[length++] = 'f';
      case '\n' -> out[length++] = 'n';
      case '\r' -> out[length++] = 'r';
      case '\t' -> out[length++] = 't';
      default -> {
        out[length++] = 'u';
        out[length++] = '0';
        out[length++] = '0';
        out[length++] = HEX[c >> 4];
        out[length++] = HEX[c & 15];
      }
    }
  }
}
