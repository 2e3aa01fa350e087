package io.prokura.cedar;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads JSON (RFC 8259) as plain Java values: `Map`, `List`, `String`, `Boolean`, `Long`,
/// `BigDecimal` for any other number, and null. Refuses repeated members, depth beyond 100 unless
/// told otherwise, and texts longer than 16 Mi characters.
final class PlainJson {
  private static final int LENGTH_MAX = 1 << 24;
  private static final int DEPTH_MAX = 100;
  private static final int NUMBER_LENGTH_MAX = 100;

  private final String text;
  private final int depthMax;
  private int at;

  private PlainJson(String text, int depthMax) {
    this.text = text;
    this.depthMax = depthMax;
  }

  /// An object or a list that is not closed yet.
  private sealed interface Open {
    char close();

    Object value();
  }

  private static final class OpenObject implements Open {
    private final Map<String, @Nullable Object> members = new LinkedHashMap<>();
    private String name = "";

    @Override
    public char close() {
      return '}';
    }

    @Override
    public Object value() {
      return members;
    }
  }

  private record OpenList(List<@Nullable Object> items) implements Open {

    @Override
    public char close() {
      return ']';
    }

    @Override
    public Object value() {
      return items;
    }
  }

  static @Nullable Object read(String text) throws CedarSyntaxException {
    return read(text, DEPTH_MAX);
  }

  /// Reads with another bound for the depth.
  static @Nullable Object read(String text, int depthMax) throws CedarSyntaxException {
    if (text.length() > LENGTH_MAX) {
      throw new CedarSyntaxException(
          new Position(1, 1), "the text is longer than " + LENGTH_MAX + " characters");
    }
    var json = new PlainJson(text, depthMax);
    var value = json.value();
    json.skipBlank();
    if (json.at < text.length()) {
      throw json.expected("the end of the text");
    }
    return value;
  }

  /// The members of an object that was read here, if it is one. Their names are strings.
  @SuppressWarnings("unchecked")
  static Optional<Map<String, @Nullable Object>> object(@Nullable Object json) {
    return json instanceof Map<?, ?> map
        ? Optional.of((Map<String, @Nullable Object>) map)
        : Optional.empty();
  }

  /// Writes a string with its quotes.
  static void write(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < ' ') {
            out.append("\\u00").append(c < 16 ? "0" : "").append(Integer.toHexString(c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  /// A value with all that is in it. Keeps what is open in a list of its own, not on the stack.
  private @Nullable Object value() throws CedarSyntaxException {
    var open = new ArrayList<Open>();
    while (true) {
      skipBlank();
      @Nullable Object value;
      if (peek() == '{' || peek() == '[') {
        if (open.size() == depthMax) {
          throw error("the JSON is nested more than " + depthMax + " deep");
        }
        var opened = peek() == '{' ? new OpenObject() : new OpenList(new ArrayList<>());
        at++;
        skipBlank();
        if (!takeIf(opened.close())) {
          open.add(opened);
          expectName(opened);
          continue;
        }
        value = opened.value();
      } else {
        value = scalar();
      }
      while (!open.isEmpty() && !addTo(open.getLast(), value)) {
        value = open.removeLast().value();
      }
      if (open.isEmpty()) {
        return value;
      }
    }
  }

  /// Adds a value to an object or list, and says whether another one follows in it.
  private boolean addTo(Open open, @Nullable Object value) throws CedarSyntaxException {
    switch (open) {
      case OpenObject object -> object.members.put(object.name, value);
      case OpenList(var items) -> items.add(value);
    }
    skipBlank();
    if (takeIf(open.close())) {
      return false;
    }
    if (!takeIf(',')) {
      throw expected("`,` or `" + open.close() + "`");
    }
    expectName(open);
    return true;
  }

  private void expectName(Open open) throws CedarSyntaxException {
    if (!(open instanceof OpenObject object)) {
      return;
    }
    skipBlank();
    if (peek() != '"') {
      throw expected("the name of a member");
    }
    int nameAt = at;
    object.name = string();
    if (object.members.containsKey(object.name)) {
      throw new CedarSyntaxException(
          Position.of(text, nameAt), "the member " + Quoted.string(object.name) + " is repeated");
    }
    skipBlank();
    if (!takeIf(':')) {
      throw expected("`:`");
    }
  }

  private @Nullable Object scalar() throws CedarSyntaxException {
    return switch (peek()) {
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
      default -> throw expected("a JSON value");
    };
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
    boolean whole = !text.startsWith("-0", start);
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
