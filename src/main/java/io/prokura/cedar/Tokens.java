package io.prokura.cedar;

import java.util.List;

/// A cursor over the tokens of a text, with the error messages every parser needs.
final class Tokens {
  private final String text;
  private final List<Token> tokens;
  private int next;
  private int placed;
  private int line = 1;
  private int column = 1;

  Tokens(String text) throws CedarSyntaxException {
    this.text = text;
    this.tokens = Lexer.tokens(text);
  }

  String text() {
    return text;
  }

  Token peek() {
    return tokens.get(next);
  }

  /// The token `ahead` places after the next one, or the end.
  Token peek(int ahead) {
    return tokens.get(Math.min(next + ahead, tokens.size() - 1));
  }

  /// The token before the next one.
  Token previous() {
    return tokens.get(Math.max(0, next - 1));
  }

  /// The position of the next token. Has to be asked for in the order of the text: each goes on
  /// from the last, so that all of them together take one pass.
  Position position() {
    int offset = peek().start();
    while (placed < offset) {
      int character = text.codePointAt(placed);
      placed += Character.charCount(character);
      line += character == '\n' ? 1 : 0;
      column = character == '\n' ? 1 : column + 1;
    }
    return new Position(line, column);
  }

  Token take() {
    var token = peek();
    if (token.kind() != Token.Kind.END) {
      next++;
    }
    return token;
  }

  boolean atEnd() {
    return peek().kind() == Token.Kind.END;
  }

  boolean at(String wanted) {
    return peek().is(wanted);
  }

  /// Takes the symbol or word if it is next.
  boolean takeIf(String wanted) {
    if (at(wanted)) {
      next++;
      return true;
    }
    return false;
  }

  Token expect(String wanted) throws CedarSyntaxException {
    if (!at(wanted)) {
      throw expected("`" + wanted + "`");
    }
    return take();
  }

  /// An identifier that is not reserved.
  String expectIdentifier(String what) throws CedarSyntaxException {
    if (peek().kind() != Token.Kind.IDENTIFIER) {
      throw expected(what);
    }
    if (Names.isReserved(peek().text())) {
      throw error("expected " + what + ", but `" + peek().text() + "` is a reserved word");
    }
    return take().text();
  }

  /// A string literal, with its escapes read.
  String expectString(String what) throws CedarSyntaxException {
    if (peek().kind() != Token.Kind.STRING) {
      throw expected(what);
    }
    return Escapes.string(text, take());
  }

  /// "expected X but found Y", at the next token.
  CedarSyntaxException expected(String what) {
    return error("expected " + what + " but found " + peek().described());
  }

  /// A problem at the next token.
  CedarSyntaxException error(String problem) {
    return errorAt(peek().start(), problem);
  }

  CedarSyntaxException errorAt(int offset, String problem) {
    return new CedarSyntaxException(Position.of(text, offset), problem);
  }
}
