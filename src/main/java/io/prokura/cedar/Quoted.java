package io.prokura.cedar;

/// String and pattern literals: writing them with escapes, and reading the escapes back.
final class Quoted {
  private Quoted() {}

  /// A literal that the parser reads back as the same string.
  static String string(String value) {
    var out = new StringBuilder(value.length() + 2).append('"');
    escape(value, out, false);
    return out.append('"').toString();
  }

  /// A pattern literal, in which `*` stands for any characters and `\*` for a star.
  static String pattern(Pattern pattern) {
    var out = new StringBuilder().append('"');
    boolean first = true;
    for (var literal : pattern.literals()) {
      if (!first) {
        out.append('*');
      }
      first = false;
      escape(literal, out, true);
    }
    return out.append('"').toString();
  }

  /// A text for a message: its start if it is long.
  static String shortened(String text) {
    return text.length() <= 60 ? text : text.substring(0, text.offsetByCodePoints(0, 50)) + "...";
  }

  private static void escape(String value, StringBuilder out, boolean starEscaped) {
    value
        .codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case 0 -> out.append("\\0");
                case '*' -> out.append(starEscaped ? "\\*" : "*");
                default -> {
                  if (isPrintable(c)) {
                    out.appendCodePoint(c);
                  } else {
                    out.append("\\u{").append(Integer.toHexString(c)).append('}');
                  }
                }
              }
            });
  }

  /// Control characters, separators and formatting marks are escaped, so that a printed policy
  /// cannot show anything else than what it means.
  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }
}
