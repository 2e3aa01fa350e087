package io.prokura.cedar;

import java.util.Set;

/// Which strings are identifiers and paths.
final class Names {
  private static final Set<String> RESERVED =
      Set.of("true", "false", "if", "then", "else", "in", "like", "has", "is", "__cedar");

  private Names() {}

  /// Whether the word cannot name an attribute, a type or a namespace.
  static boolean isReserved(String word) {
    return RESERVED.contains(word);
  }

  /// Whether it has the shape of an identifier, reserved or not.
  static boolean isAnyIdentifier(String text) {
    if (text.isEmpty() || !startsIdentifier(text.charAt(0))) {
      return false;
    }
    for (int i = 1; i < text.length(); i++) {
      if (!continuesIdentifier(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  static boolean isIdentifier(String text) {
    return isAnyIdentifier(text) && !isReserved(text);
  }

  /// Whether it is identifiers joined by `::`, without spaces.
  static boolean isPath(String text) {
    int start = 0;
    while (true) {
      int end = text.indexOf("::", start);
      if (end < 0) {
        return isIdentifier(start == 0 ? text : text.substring(start));
      }
      if (!isIdentifier(text.substring(start, end))) {
        return false;
      }
      start = end + 2;
    }
  }

  static boolean startsIdentifier(char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  static boolean continuesIdentifier(char c) {
    return startsIdentifier(c) || (c >= '0' && c <= '9');
  }
}
