package io.prokura.cedar;

import java.util.ArrayList;
import java.util.List;

/// Reads the inside of a string or pattern literal. The escapes are those of Rust: quotes, the
/// backslash, `n`, `r`, `t`, `0`, `x` with two digits, `u` with one to six digits in braces; and a
/// star in patterns.
final class Escapes {
  private final String source;
  private final Token token;
  private int at;

  private Escapes(String source, Token token) {
    this.source = source;
    this.token = token;
    this.at = token.start() + 1;
  }

  /// The string that the token stands for.
  static String string(String source, Token token) throws CedarSyntaxException {
    return String.join("*", new Escapes(source, token).read(false));
  }

  /// The pattern that the token stands for.
  static Pattern pattern(String source, Token token) throws CedarSyntaxException {
    return new Pattern(new Escapes(source, token).read(true));
  }

  private List<String> read(boolean pattern) throws CedarSyntaxException {
    var literals = new ArrayList<String>();
    var literal = new StringBuilder();
    int end = token.end() - 1;
    while (at < end) {
      char c = source.charAt(at);
      if (c == '\\') {
        literal.appendCodePoint(escape(pattern));
      } else if (c == '*' && pattern) {
        literals.add(literal.toString());
        literal.setLength(0);
        at++;
      } else if (c == '\r') {
        throw error(at, "a carriage return in a string has to be written `\\r`");
      } else {
        literal.append(c);
        at++;
      }
    }
    literals.add(literal.toString());
    return literals;
  }

  private int escape(boolean pattern) throws CedarSyntaxException {
    int start = at;
    char c = source.charAt(at + 1);
    at += 2;
    return switch (c) {
      case '"', '\'', '\\' -> c;
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case '0' -> 0;
      case 'x' -> twoDigits(start);
      case 'u' -> braced(start);
      case '*' -> {
        if (!pattern) {
          throw error(start, "`\\*` is an escape of patterns, not of strings");
        }
        yield '*';
      }
      default -> throw error(start, "unknown escape `\\" + Character.toString(c) + "`");
    };
  }

  private int twoDigits(int start) throws CedarSyntaxException {
    int value = 0;
    for (int i = 0; i < 2; i++) {
      int digit = at < token.end() - 1 ? Character.digit(source.charAt(at), 16) : -1;
      if (digit < 0) {
        throw error(start, "expected two hexadecimal digits after `\\x`");
      }
      value = value * 16 + digit;
      at++;
    }
    if (value > 0x7f) {
      throw error(start, "`\\x` goes up to `\\x7F`; use `\\u{...}`");
    }
    return value;
  }

  private int braced(int start) throws CedarSyntaxException {
    int close = source.indexOf('}', at);
    if (source.charAt(at) != '{' || close < 0 || close >= token.end() - 1) {
      throw error(start, "expected `{`, one to six hexadecimal digits and `}` after `\\u`");
    }
    int value = 0;
    int digits = 0;
    for (int i = at + 1; i < close; i++) {
      char c = source.charAt(i);
      int digit = Character.digit(c, 16);
      if (c == '_' && digits > 0) {
        continue;
      }
      digits++;
      if (digit < 0 || c > 'f' || digits > 6) {
        throw error(start, "expected one to six hexadecimal digits between `{` and `}`");
      }
      value = value * 16 + digit;
    }
    if (digits == 0 || value > Character.MAX_CODE_POINT || isSurrogate(value)) {
      throw error(start, "this is not a Unicode character");
    }
    at = close + 1;
    return value;
  }

  private static boolean isSurrogate(int c) {
    return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
  }

  private CedarSyntaxException error(int offset, String problem) {
    return new CedarSyntaxException(Position.of(source, offset), problem);
  }
}
