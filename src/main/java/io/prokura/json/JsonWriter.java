package io.prokura.json;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Map;

/// Writes JSON text, plain or canonical (RFC 8785).
final class JsonWriter {
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private JsonWriter() {}

  static void write(StringBuilder out, Json value, boolean canonical) {
    switch (value) {
      case Json.Obj object -> writeObject(out, object, canonical);
      case Json.Arr array -> writeArray(out, array, canonical);
      case Json.Str(var text) -> writeText(out, text);
      case Json.Whole(var number) -> writeWhole(out, number, canonical);
      case Json.Fraction(var number) -> writeFraction(out, number);
      case Json.Bool(var flag) -> out.append(flag);
      case Json.Null _ -> out.append("null");
    }
  }

  private static void writeObject(StringBuilder out, Json.Obj object, boolean canonical) {
    out.append('{');
    var entries = object.members().entrySet().stream();
    // String.compareTo orders by UTF-16 code unit, as RFC 8785 §3.2.3 asks.
    var ordered = canonical ? entries.sorted(Map.Entry.comparingByKey()) : entries;
    boolean first = true;
    for (var member : (Iterable<Map.Entry<String, Json>>) ordered::iterator) {
      if (!first) {
        out.append(',');
      }
      first = false;
      writeText(out, member.getKey());
      out.append(':');
      write(out, member.getValue(), canonical);
    }
    out.append('}');
  }

  private static void writeArray(StringBuilder out, Json.Arr array, boolean canonical) {
    out.append('[');
    for (int i = 0; i < array.items().size(); i++) {
      if (i > 0) {
        out.append(',');
      }
      write(out, array.items().get(i), canonical);
    }
    out.append(']');
  }

  /// RFC 8785 numbers are IEEE 754 doubles, so a whole number beyond 2^53 takes a double's
  /// spelling.
  private static void writeWhole(StringBuilder out, long number, boolean canonical) {
    if (canonical && (long) (double) number != number) {
      writeFraction(out, (double) number);
    } else {
      out.append(number);
    }
  }

  /// The spelling of ECMAScript's `Number::toString`, which RFC 8785 §3.2.2.3 prescribes.
  private static void writeFraction(StringBuilder out, double number) {
    if (number == 0) {
      out.append('0');
      return;
    }
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
  }

  /// The fewest digits that read back as `number`. `Double.toString` finds them too, but never
  /// fewer than two, which matters where one would do (5e-324).
  private static BigDecimal shortest(double number) {
    var decimal = new BigDecimal(Double.toString(number)).stripTrailingZeros();
    var rounded = decimal.round(new MathContext(1));
    return decimal.precision() == 2 && rounded.doubleValue() == number ? rounded : decimal;
  }

  private static void writeText(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20) {
            out.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 15]);
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
