package io.prokura.cedar;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads JSON (RFC 8259) as plain Java values: `Map`, `List`, `String`, `Boolean`, `Long`,
/// `BigDecimal` for any other number, and null. Refuses repeated members, depth beyond 100, and
/// texts longer than 16 Mi characters.
final class PlainJson {
  private static final int LENGTH_MAX = 1 << 24;
  private static final int DEPTH_MAX = 100;
  private static final int NUMBER_LENGTH_MAX = 100;

  private final String text;
  private int at;
  private int depth;

  private PlainJson(String text) {
    this.text = text;
  }

  static @Nullable Object read(String text) throws CedarSyntaxException {
    if (text.length() > LENGTH_MAX) {
      throw new CedarSyntaxException(
          new Position(1, 1), "the text is longer than " + LENGTH_MAX + " characters");
    }
    var json = new PlainJson(text);
    var value = json.value();
    json.skipBlank();
    if (json.at < text.length()) {
      throw json.expected("the end of the text");
    }
    return value;
  }

  private @Nullable Object value() throws CedarSyntaxException {
    skipBlank();
    return switch (peek()) {
      case '{' -> nested(this::object);
      case '[' -> nested(this::array);
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
      default -> throw expected("a JSON value");
    };
  }

  private interface Part {
    Object read() throws CedarSyntaxException;
  }

  private Object nested(Part part) throws CedarSyntaxException {
    if (depth == DEPTH_MAX) {
      throw error("the JSON is nested more than " + DEPTH_MAX + " deep");
    }
    depth++;
    at++;
    var value = part.read();
    depth--;
    return value;
  }

  private Map<String, @Nullable Object> object() throws CedarSyntaxException {
    var members = new LinkedHashMap<String, @Nullable Object>();
    skipBlank();
    if (takeIf('}')) {
      return members;
    }
    while (true) {
      skipBlank();
      if (peek() != '"') {
        throw expected("the name of a member");
      }
      int nameAt = at;
      var name = string();
      if (members.containsKey(name)) {
        throw new CedarSyntaxException(
            Position.of(text, nameAt), "the member " + Quoted.string(name) + " is repeated");
      }
      skipBlank();
      if (!takeIf(':')) {
        throw expected("`:`");
      }
      members.put(name, value());
      skipBlank();
      if (takeIf('}')) {
        return members;
      }
      if (!takeIf(',')) {
        throw expected("`,` or `}`");
      }
    }
  }

  private List<@Nullable Object> array() throws CedarSyntaxException {
    var items = new ArrayList<@Nullable Object>();
    skipBlank();
    if (takeIf(']')) {
      return items;
    }
    while (true) {
      items.add(value());
      skipBlank();
      if (takeIf(']')) {
        return items;
      }
      if (!takeIf(',')) {
        throw expected("`,` or `]`");
      }
    }
  }

  private @Nullable Object word(String word, @Nullable Object value) throws CedarSyntaxException {
    if (!text.startsWith(word, at)) {
      throw expected("a JSON value");
    }
    at += word.length();
    return value;
  }

  private Object number() throws CedarSyntaxException {
    int start = at;
    takeIf('-');
    if (!takeIf('0')) {
      digits();
    }
    boolean whole = true;
    if (takeIf('.')) {
      whole = false;
      digits();
    }
    if (takeIf('e') || takeIf('E')) {
      whole = false;
      if (!takeIf('+')) {
        takeIf('-');
      }
      digits();
    }
    var number = text.substring(start, at);
    if (number.length() > NUMBER_LENGTH_MAX) {
      throw error("the number has more than " + NUMBER_LENGTH_MAX + " characters");
    }
    try {
      return whole ? (Object) Long.valueOf(number) : new BigDecimal(number);
    } catch (NumberFormatException _) {
      throw new CedarSyntaxException(
          Position.of(text, start), "the number is outside the range of 64-bit integers");
    }
  }

  private void digits() throws CedarSyntaxException {
    if (peek() < '0' || peek() > '9') {
      throw expected("a digit");
    }
    while (peek() >= '0' && peek() <= '9') {
      at++;
    }
  }

  private String string() throws CedarSyntaxException {
    at++;
    var value = new StringBuilder();
    while (!takeIf('"')) {
      char c = peek();
      if (c == '\\') {
        at++;
        value.append(escape());
      } else if (c < ' ') {
        throw expected(at == text.length() ? "`\"`" : "an escaped control character");
      } else {
        value.append(c);
        at++;
      }
    }
    for (int i = 0; i < value.length(); i += Character.charCount(value.codePointAt(i))) {
      if (Character.getType(value.codePointAt(i)) == Character.SURROGATE) {
        throw error("the string before this has half a surrogate pair");
      }
    }
    return value.toString();
  }

  private char escape() throws CedarSyntaxException {
    char c = peek();
    at++;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        int value = 0;
        for (int i = 0; i < 4; i++) {
          int digit = peek() <= 'f' ? Character.digit(peek(), 16) : -1;
          if (digit < 0) {
            throw expected("a hexadecimal digit");
          }
          value = value * 16 + digit;
          at++;
        }
        yield (char) value;
      }
      default -> {
        at--;
        throw expected("a JSON escape");
      }
    };
  }

  private void skipBlank() {
    while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') {
      at++;
    }
  }

  /// The next character, or NUL at the end, which is never part of valid JSON text.
  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private boolean takeIf(char wanted) {
    if (peek() == wanted) {
      at++;
      return true;
    }
    return false;
  }

  private CedarSyntaxException expected(String what) {
    var found =
        at < text.length()
            ? Quoted.string(Character.toString(text.codePointAt(at)))
            : "the end of the text";
    return error("expected " + what + " but found " + found);
  }

  private CedarSyntaxException error(String problem) {
    return new CedarSyntaxException(Position.of(text, at), problem);
  }
}
