package io.prokura.cedar;

/// A lexical token of Cedar policies and schemas.
///
/// @param text the token as written; a string keeps its quotes and escapes
/// @param start offset of its first character in the source
/// @param end offset after its last character
record Token(Kind kind, String text, int start, int end) {

  enum Kind {
    IDENTIFIER,
    NUMBER,
    STRING,
    SLOT,
    SYMBOL,
    END
  }

  /// Whether it is this symbol, or this word.
  boolean is(String wanted) {
    return (kind == Kind.SYMBOL || kind == Kind.IDENTIFIER) && text.equals(wanted);
  }

  /// The token as error messages name it.
  String described() {
    return switch (kind) {
      case END -> "the end of the text";
      case STRING -> "string " + shortened();
      case NUMBER, IDENTIFIER, SLOT, SYMBOL -> "`" + shortened() + "`";
    };
  }

  private String shortened() {
    return text.length() <= 40 ? text : text.substring(0, 37) + "...";
  }
}
