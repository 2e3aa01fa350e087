package io.prokura.cedar;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Lays policies out anew without changing a token: one space where one belongs, two spaces of
/// indentation for every open bracket, at most one empty line in a row. Comments and the author's
/// line breaks stay where they are.
public final class Formatter {
  private static final Set<String> WORDS =
      Set.of("permit", "forbid", "when", "unless", "if", "then", "else", "in", "is", "has", "like");
  private static final Set<String> OPENING = Set.of("(", "[", "{");
  private static final Set<String> CLOSING = Set.of(")", "]", "}");
  private static final int LINES_MAX = 2;

  private final String text;
  private final List<Item> items = new ArrayList<>();
  private final StringBuilder out = new StringBuilder();
  private int depth;

  private Formatter(String text) {
    this.text = text;
  }

  /// A token or a comment, and how many line breaks stand before it.
  private record Item(String text, Kind kind, int breaks) {
    boolean opens() {
      return kind == Kind.SYMBOL && OPENING.contains(text);
    }

    boolean closes() {
      return kind == Kind.SYMBOL && CLOSING.contains(text);
    }

    boolean is(String symbol) {
      return kind == Kind.SYMBOL && text.equals(symbol);
    }
  }

  private enum Kind {
    WORD,
    VALUE,
    SYMBOL,
    PREFIX,
    COMMENT
  }

  /// The policies of `text` in one layout. Formatting again changes nothing.
  ///
  /// @throws CedarSyntaxException if the text is not a sequence of policies and templates
  public static String format(String text) throws CedarSyntaxException {
    var parser = new PolicyParser(text);
    parser.requirePolicies();
    var formatter = new Formatter(text);
    formatter.collect();
    formatter.write();
    return formatter.out.toString();
  }

  private void collect() throws CedarSyntaxException {
    int at = 0;
    for (var token : Lexer.tokens(text)) {
      int breaks = comments(text.substring(at, token.start()));
      if (token.kind() != Token.Kind.END) {
        items.add(new Item(token.text(), kind(token), breaks));
      }
      at = token.end();
    }
  }

  /// Adds the comments between two tokens and tells how many line breaks follow the last.
  private int comments(String gap) {
    int breaks = 0;
    int at = 0;
    while (at < gap.length()) {
      if (gap.startsWith("//", at)) {
        int end = at;
        while (end < gap.length() && gap.charAt(end) != '\n' && gap.charAt(end) != '\r') {
          end++;
        }
        items.add(new Item(gap.substring(at, end).stripTrailing(), Kind.COMMENT, breaks));
        breaks = 0;
        at = end;
      } else {
        boolean pair = gap.startsWith("\r\n", at);
        breaks += pair || gap.charAt(at) == '\n' || gap.charAt(at) == '\r' ? 1 : 0;
        at += pair ? 2 : 1;
      }
    }
    return breaks;
  }

  private Kind kind(Token token) {
    return switch (token.kind()) {
      case IDENTIFIER -> WORDS.contains(token.text()) ? Kind.WORD : Kind.VALUE;
      case NUMBER, STRING, SLOT, END -> Kind.VALUE;
      case SYMBOL -> isPrefix(token.text()) ? Kind.PREFIX : Kind.SYMBOL;
    };
  }

  /// Whether the operator takes what follows it alone: what stands before it is no operand.
  private boolean isPrefix(String symbol) {
    if (symbol.equals("!") || symbol.equals("@")) {
      return true;
    }
    if (!symbol.equals("-")) {
      return false;
    }
    for (var before : items.reversed()) {
      if (before.kind != Kind.COMMENT) {
        return before.kind != Kind.VALUE && !before.closes();
      }
    }
    return true;
  }

  private void write() {
    for (int i = 0; i < items.size(); i++) {
      var item = items.get(i);
      if (i > 0) {
        separate(items.get(i - 1), item, i);
      }
      out.append(item.text);
      depth += item.opens() ? 1 : item.closes() ? -1 : 0;
    }
    if (!items.isEmpty()) {
      out.append('\n');
    }
  }

  private void separate(Item before, Item item, int place) {
    boolean ends = before.kind == Kind.COMMENT || (before.is(";") && item.kind != Kind.COMMENT);
    int breaks = Math.min(LINES_MAX, ends ? Math.max(1, item.breaks) : item.breaks);
    if (breaks == 0) {
      out.append(isApart(before, item) ? " " : "");
      return;
    }
    out.append("\n".repeat(breaks));
    int level = depth;
    for (int i = place; i < items.size() && items.get(i).closes(); i++) {
      if (i > place && items.get(i).breaks > 0) {
        break;
      }
      level--;
    }
    out.append("  ".repeat(Math.max(0, level)));
  }

  private static boolean isApart(Item before, Item item) {
    if (item.kind == Kind.COMMENT) {
      return true;
    }
    if (before.is("{") || item.is("}")) {
      return !(before.is("{") && item.is("}"));
    }
    boolean joins =
        before.kind == Kind.PREFIX
            || before.is("(")
            || before.is("[")
            || before.is(".")
            || before.is("::")
            || item.is(")")
            || item.is("]")
            || item.is(",")
            || item.is(";")
            || item.is(":")
            || item.is(".")
            || item.is("::");
    if (joins) {
      return false;
    }
    boolean calls = item.is("(") || item.is("[");
    return !(calls && (before.kind == Kind.VALUE || before.is(")") || before.is("]")));
  }
}
