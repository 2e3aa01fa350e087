package io.prokura.cedar;

/// A place in a source text, as an editor shows it: both numbers start at 1, and a column counts
/// Unicode code points.
public record Position(int line, int column) {

  /// The place of the character at `offset`. Only a line feed ends a line.
  static Position of(String text, int offset) {
    int line = 1;
    int lineStart = 0;
    int end = Math.min(offset, text.length());
    for (int i = 0; i < end; i++) {
      if (text.charAt(i) == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    return new Position(line, text.codePointCount(lineStart, end) + 1);
  }

  @Override
  public String toString() {
    return "line " + line + ", column " + column;
  }
}
