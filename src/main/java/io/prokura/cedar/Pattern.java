package io.prokura.cedar;

import java.util.List;

/// The right side of `like`: literal strings with a wildcard between each two, so that `a*b` is the
/// literals `a` and `b`. A wildcard matches any number of characters, none included.
public record Pattern(List<String> literals) {

  /// @throws IllegalArgumentException if there is no literal; the pattern of the empty string is
  /// one empty literal
  public Pattern {
    literals = List.copyOf(literals);
    if (literals.isEmpty()) {
      throw new IllegalArgumentException("a pattern has at least one literal");
    }
  }

  /// Whether the whole text matches. Takes time in proportion to the lengths' product at worst.
  public boolean matches(String text) {
    var first = literals.getFirst();
    if (literals.size() == 1) {
      return text.equals(first);
    }
    var last = literals.getLast();
    int end = text.length() - last.length();
    if (end < first.length() || !text.startsWith(first) || !text.endsWith(last)) {
      return false;
    }
    int from = first.length();
    for (int i = 1; i < literals.size() - 1; i++) {
      var literal = literals.get(i);
      int found = text.indexOf(literal, from);
      if (found < 0 || found + literal.length() > end) {
        return false;
      }
      from = found + literal.length();
    }
    return true;
  }
}
