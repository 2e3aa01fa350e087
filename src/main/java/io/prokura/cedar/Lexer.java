package io.prokura.cedar;

import java.util.ArrayList;
import java.util.List;

/// Cuts Cedar text into tokens, leaving out white space and `//` comments.
final class Lexer {
  private static final List<String> SYMBOLS =
      List.of(
          "::", "==", "!=", "<=", ">=", "&&", "||", "@", ",", ";", ":", "(", ")", "{", "}", "[",
          "]", ".", "<", ">", "+", "-", "*", "/", "%", "!", "=", "?");

  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int at;

  private Lexer(String text) {
    this.text = text;
  }

  /// All tokens of the text; the last is of kind END.
  static List<Token> tokens(String text) throws CedarSyntaxException {
    var lexer = new Lexer(text);
    lexer.run();
    return lexer.tokens;
  }

  private void run() throws CedarSyntaxException {
    refuseUnpairedSurrogate();
    skipBlank();
    while (at < text.length()) {
      next();
      skipBlank();
    }
    tokens.add(new Token(Token.Kind.END, "", at, at));
  }

  private void skipBlank() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (isBlank(c)) {
        at++;
      } else if (text.startsWith("//", at)) {
        while (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
          at++;
        }
      } else {
        return;
      }
    }
  }

  /// Unicode's White_Space property, all of which is outside the supplementary planes.
  private static boolean isBlank(char c) {
    return (c >= '\t' && c <= '\r')
        || c == ' '
        || c == '\u0085'
        || Character.getType(c) == Character.SPACE_SEPARATOR
        || Character.getType(c) == Character.LINE_SEPARATOR
        || Character.getType(c) == Character.PARAGRAPH_SEPARATOR;
  }

  private void next() throws CedarSyntaxException {
    int start = at;
    char c = text.charAt(at);
    if (Names.startsIdentifier(c)) {
      skipWord();
      add(Token.Kind.IDENTIFIER, start);
    } else if (c >= '0' && c <= '9') {
      while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        at++;
      }
      add(Token.Kind.NUMBER, start);
    } else if (c == '"') {
      skipString();
      add(Token.Kind.STRING, start);
    } else if (c == '?' && at + 1 < text.length() && Names.startsIdentifier(text.charAt(at + 1))) {
      at++;
      skipWord();
      add(Token.Kind.SLOT, start);
    } else {
      tokens.add(new Token(Token.Kind.SYMBOL, symbol(), start, at));
    }
  }

  private void add(Token.Kind kind, int start) {
    tokens.add(new Token(kind, text.substring(start, at), start, at));
  }

  private void skipWord() {
    while (at < text.length() && Names.continuesIdentifier(text.charAt(at))) {
      at++;
    }
  }

  private void skipString() throws CedarSyntaxException {
    int start = at;
    at++;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '"') {
        at++;
        return;
      }
      at += c == '\\' ? 2 : 1;
    }
    throw new CedarSyntaxException(Position.of(text, start), "this string has no closing quote");
  }

  /// The next symbol. Its text is not a copy: there may be a million of them.
  private String symbol() throws CedarSyntaxException {
    for (var symbol : SYMBOLS) {
      if (text.startsWith(symbol, at)) {
        at += symbol.length();
        return symbol;
      }
    }
    var found = Quoted.string(Character.toString(text.codePointAt(at)));
    throw new CedarSyntaxException(Position.of(text, at), "unexpected character " + found);
  }

  private void refuseUnpairedSurrogate() throws CedarSyntaxException {
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      if (Character.getType(text.codePointAt(i)) == Character.SURROGATE) {
        throw new CedarSyntaxException(Position.of(text, i), "this is not a Unicode character");
      }
    }
  }
}
