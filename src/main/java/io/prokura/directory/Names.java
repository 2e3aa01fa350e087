package io.prokura.directory;

import java.text.Normalizer;
import java.util.Locale;

/// How the names of users and groups are written and compared.
final class Names {
  private Names() {}

  /// Whether `text` has 1 to `max` characters, all printable, and no space at either end.
  static boolean isPrintable(String text, int max) {
    return !text.isEmpty()
        && text.length() <= max
        && text.charAt(0) != ' '
        && text.charAt(text.length() - 1) != ' '
        && text.codePoints().allMatch(Names::isPrintable);
  }

  private static boolean isPrintable(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> point == ' ';
      default -> true;
    };
  }

  /// The form in which names are compared: compatibility characters decomposed and composed again
  /// (NFKC), case folded by way of upper case, which knows more letters to be the same than lower
  /// case does. Two names with one key look alike to somebody who ignores case.
  static String key(String name) {
    var folded =
        Normalizer.normalize(name, Normalizer.Form.NFKC)
            .toLowerCase(Locale.ROOT)
            .toUpperCase(Locale.ROOT)
            .toLowerCase(Locale.ROOT);
    return Normalizer.normalize(folded, Normalizer.Form.NFKC);
  }
}
