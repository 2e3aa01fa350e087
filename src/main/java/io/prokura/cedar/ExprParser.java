package io.prokura.cedar;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;

/// Parses expressions by recursive descent, one method per level of precedence. Bounds the nesting
/// and the height of the tree, so that nothing that walks an expression can overflow the stack.
final class ExprParser {
  private static final int NESTING_MAX = 200;
  static final int HEIGHT_MAX = 500;
  private static final int SIGNS_MAX = 4;

  private final Tokens tokens;
  private final IdentityHashMap<Expr, Integer> offsets = new IdentityHashMap<>();
  private final IdentityHashMap<Expr, Integer> heights = new IdentityHashMap<>();
  private int nesting;

  ExprParser(Tokens tokens) {
    this.tokens = tokens;
  }

  /// Where each expression read so far starts.
  IdentityHashMap<Expr, Integer> offsets() {
    return offsets;
  }

  Expr expr() throws CedarSyntaxException {
    if (nesting == NESTING_MAX) {
      throw tokens.error("the expression is nested more than " + NESTING_MAX + " deep");
    }
    nesting++;
    try {
      return tokens.at("if") ? conditional() : or();
    } finally {
      nesting--;
    }
  }

  private Expr conditional() throws CedarSyntaxException {
    int start = tokens.expect("if").start();
    var condition = expr();
    tokens.expect("then");
    var consequent = expr();
    tokens.expect("else");
    var alternative = expr();
    return node(
        start,
        new Expr.If(condition, consequent, alternative),
        List.of(condition, consequent, alternative));
  }

  private Expr or() throws CedarSyntaxException {
    int start = tokens.peek().start();
    var left = and();
    while (tokens.takeIf("||")) {
      var right = and();
      left = node(start, new Expr.Or(left, right), List.of(left, right));
    }
    return left;
  }

  private Expr and() throws CedarSyntaxException {
    int start = tokens.peek().start();
    var left = relation();
    while (tokens.takeIf("&&")) {
      var right = relation();
      left = node(start, new Expr.And(left, right), List.of(left, right));
    }
    return left;
  }

  private Expr relation() throws CedarSyntaxException {
    int start = tokens.peek().start();
    var left = sum();
    if (tokens.takeIf("has")) {
      return node(start, new Expr.Has(left, hasPath()), List.of(left));
    }
    if (tokens.takeIf("like")) {
      if (tokens.peek().kind() != Token.Kind.STRING) {
        throw tokens.expected("a pattern in quotes");
      }
      var pattern = Escapes.pattern(tokens.text(), tokens.take());
      return node(start, new Expr.Like(left, pattern), List.of(left));
    }
    if (tokens.takeIf("is")) {
      return typeTest(start, left);
    }
    var operator = relationOperator(tokens.peek());
    if (operator == null) {
      if (tokens.at("=")) {
        throw tokens.error("equality is written `==`, not `=`");
      }
      return left;
    }
    tokens.take();
    var right = sum();
    if (relationOperator(tokens.peek()) != null) {
      throw tokens.error("comparisons cannot be chained; use parentheses or `&&`");
    }
    return node(start, new Expr.Binary(operator, left, right), List.of(left, right));
  }

  private static @org.jspecify.annotations.Nullable BinaryOperator relationOperator(Token token) {
    return switch (token.kind()) {
      case SYMBOL, IDENTIFIER ->
          switch (token.text()) {
            case "==" -> BinaryOperator.EQUAL;
            case "!=" -> BinaryOperator.NOT_EQUAL;
            case "<" -> BinaryOperator.LESS;
            case "<=" -> BinaryOperator.LESS_EQUAL;
            case ">" -> BinaryOperator.GREATER;
            case ">=" -> BinaryOperator.GREATER_EQUAL;
            case "in" -> BinaryOperator.IN;
            default -> null;
          };
      case NUMBER, STRING, SLOT, END -> null;
    };
  }

  private List<String> hasPath() throws CedarSyntaxException {
    if (tokens.peek().kind() == Token.Kind.STRING) {
      return List.of(tokens.expectString("an attribute"));
    }
    var path = new ArrayList<String>();
    path.add(tokens.expectIdentifier("an attribute or a string"));
    while (tokens.takeIf(".")) {
      path.add(tokens.expectIdentifier("an attribute"));
    }
    return path;
  }

  private Expr typeTest(int start, Expr left) throws CedarSyntaxException {
    var name = new StringBuilder(tokens.expectIdentifier("an entity type"));
    while (tokens.takeIf("::")) {
      name.append("::").append(tokens.expectIdentifier("an identifier"));
    }
    var type = EntityType.lasting(name.toString());
    if (tokens.takeIf("in")) {
      var ancestor = sum();
      return node(start, new Expr.IsIn(left, type, ancestor), List.of(left, ancestor));
    }
    return node(start, new Expr.Is(left, type), List.of(left));
  }

  private Expr sum() throws CedarSyntaxException {
    int start = tokens.peek().start();
    var left = product();
    while (tokens.at("+") || tokens.at("-")) {
      var operator =
          tokens.take().text().equals("+") ? BinaryOperator.ADD : BinaryOperator.SUBTRACT;
      var right = product();
      left = node(start, new Expr.Binary(operator, left, right), List.of(left, right));
    }
    return left;
  }

  private Expr product() throws CedarSyntaxException {
    int start = tokens.peek().start();
    var left = unary();
    while (tokens.takeIf("*")) {
      var right = unary();
      left =
          node(start, new Expr.Binary(BinaryOperator.MULTIPLY, left, right), List.of(left, right));
    }
    if (tokens.at("/") || tokens.at("%")) {
      throw tokens.error("Cedar has no operator `" + tokens.peek().text() + "`");
    }
    return left;
  }

  private Expr unary() throws CedarSyntaxException {
    var first = tokens.peek();
    if (!first.is("!") && !first.is("-")) {
      return member();
    }
    var starts = new ArrayList<Integer>();
    while (tokens.at(first.text())) {
      if (starts.size() == SIGNS_MAX) {
        throw tokens.error("at most " + SIGNS_MAX + " of `" + first.text() + "` in a row");
      }
      starts.add(tokens.take().start());
    }
    if (first.is("!")) {
      var operand = member();
      for (int start : starts.reversed()) {
        operand = node(start, new Expr.Not(operand), List.of(operand));
      }
      return operand;
    }
    boolean number = tokens.peek().kind() == Token.Kind.NUMBER && !isAccess(tokens.peek(1));
    var operand = number ? number(starts.removeLast(), true) : member();
    for (int start : starts.reversed()) {
      operand = node(start, new Expr.Negate(operand), List.of(operand));
    }
    return operand;
  }

  private static boolean isAccess(Token token) {
    return token.is(".") || token.is("[");
  }

  private Expr number(int start, boolean negative) throws CedarSyntaxException {
    var digits = tokens.peek();
    try {
      long value = Long.parseLong((negative ? "-" : "") + digits.text());
      tokens.take();
      return node(start, new Expr.Literal(new LongValue(value)), List.of());
    } catch (NumberFormatException _) {
      throw tokens.error("the number is outside the range of 64-bit integers");
    }
  }

  private Expr member() throws CedarSyntaxException {
    int start = tokens.peek().start();
    var operand = primary();
    while (true) {
      if (tokens.takeIf(".")) {
        int nameAt = tokens.peek().start();
        var name = tokens.expectIdentifier("an attribute or a method");
        if (tokens.takeIf("(")) {
          operand = method(start, operand, name, nameAt, list(")"));
        } else {
          operand = node(nameAt, new Expr.Attribute(operand, name), List.of(operand));
        }
      } else if (tokens.takeIf("[")) {
        int nameAt = tokens.peek().start();
        var name = tokens.expectString("an attribute in quotes");
        tokens.expect("]");
        operand = node(nameAt, new Expr.Attribute(operand, name), List.of(operand));
      } else {
        return operand;
      }
    }
  }

  private Expr method(int start, Expr receiver, String name, int nameAt, List<Expr> arguments)
      throws CedarSyntaxException {
    if (name.equals("isEmpty")) {
      expectCount(nameAt, name, arguments, 0);
      return node(start, new Expr.IsEmpty(receiver), List.of(receiver));
    }
    for (var operator : BinaryOperator.values()) {
      if (operator.isMethod() && operator.text().equals(name)) {
        expectCount(nameAt, name, arguments, 1);
        var argument = arguments.getFirst();
        return node(
            start, new Expr.Binary(operator, receiver, argument), List.of(receiver, argument));
      }
    }
    var function = ExtensionFunction.named(name);
    if (function.isEmpty()) {
      throw tokens.errorAt(nameAt, "there is no method `" + name + "`");
    }
    if (!function.get().isMethod()) {
      throw tokens.errorAt(
          nameAt, "`" + name + "` is a function, not a method: write `" + name + "(...)`");
    }
    var all = new ArrayList<Expr>();
    all.add(receiver);
    all.addAll(arguments);
    return node(start, new Expr.Call(function.get(), all), all);
  }

  private void expectCount(int nameAt, String name, List<Expr> arguments, int count)
      throws CedarSyntaxException {
    if (arguments.size() != count) {
      throw tokens.errorAt(
          nameAt,
          "`"
              + name
              + "` takes "
              + count
              + " arguments in its parentheses, not "
              + arguments.size());
    }
  }

  /// Expressions separated by commas, a trailing comma allowed, up to and with `close`.
  private List<Expr> list(String close) throws CedarSyntaxException {
    var list = new ArrayList<Expr>();
    while (!tokens.takeIf(close)) {
      list.add(expr());
      if (!tokens.takeIf(",") && !tokens.at(close)) {
        throw tokens.expected("`,` or `" + close + "`");
      }
    }
    return list;
  }

  private Expr primary() throws CedarSyntaxException {
    var token = tokens.peek();
    return switch (token.kind()) {
      case NUMBER -> number(token.start(), false);
      case STRING ->
          node(
              token.start(),
              new Expr.Literal(new StringValue(tokens.expectString("a string"))),
              List.of());
      case IDENTIFIER -> word(token);
      case SLOT -> throw tokens.error("a slot is allowed only in the scope of a template");
      case SYMBOL -> bracketed(token);
      case END -> throw tokens.expected("an expression");
    };
  }

  private Expr bracketed(Token token) throws CedarSyntaxException {
    if (tokens.takeIf("(")) {
      var inner = expr();
      tokens.expect(")");
      return inner;
    }
    if (tokens.takeIf("[")) {
      var elements = list("]");
      return node(token.start(), new Expr.SetOf(elements), elements);
    }
    if (tokens.takeIf("{")) {
      return record(token.start());
    }
    throw tokens.expected("an expression");
  }

  private Expr record(int start) throws CedarSyntaxException {
    var attributes = new LinkedHashMap<String, Expr>();
    while (!tokens.takeIf("}")) {
      var key = tokens.peek();
      var name =
          key.kind() == Token.Kind.STRING
              ? tokens.expectString("an attribute")
              : tokens.expectIdentifier("an attribute, in quotes or not,");
      tokens.expect(":");
      if (attributes.putIfAbsent(name, expr()) != null) {
        throw tokens.errorAt(key.start(), "the attribute " + Quoted.string(name) + " is repeated");
      }
      if (!tokens.takeIf(",") && !tokens.at("}")) {
        throw tokens.expected("`,` or `}`");
      }
    }
    return node(start, new Expr.RecordOf(attributes), List.copyOf(attributes.values()));
  }

  private Expr word(Token token) throws CedarSyntaxException {
    if (token.is("true") || token.is("false")) {
      var value = BoolValue.of(tokens.take().is("true"));
      return node(token.start(), new Expr.Literal(value), List.of());
    }
    boolean alone = !tokens.peek(1).is("::") && !tokens.peek(1).is("(");
    for (var variable : Variable.values()) {
      if (alone && token.is(variable.text())) {
        tokens.take();
        return node(token.start(), new Expr.Var(variable), List.of());
      }
    }
    var path = new StringBuilder(tokens.expectIdentifier("an expression"));
    while (tokens.takeIf("::")) {
      if (tokens.peek().kind() == Token.Kind.STRING) {
        var uid =
            new EntityUid(
                EntityType.lasting(path.toString()), tokens.expectString("an entity's id"));
        return node(token.start(), new Expr.Literal(uid), List.of());
      }
      path.append("::").append(tokens.expectIdentifier("an identifier or an entity's id"));
    }
    if (!tokens.takeIf("(")) {
      throw tokens.errorAt(
          token.start(),
          "`" + path + "` is neither a variable nor a function nor, without an id, an entity");
    }
    return function(token.start(), path.toString());
  }

  private Expr function(int start, String name) throws CedarSyntaxException {
    var function = ExtensionFunction.named(name);
    if (function.isEmpty()) {
      throw tokens.errorAt(start, "there is no function `" + name + "`");
    }
    if (function.get().isMethod()) {
      throw tokens.errorAt(
          start, "`" + name + "` is a method, not a function: write `value." + name + "(...)`");
    }
    var arguments = list(")");
    return node(start, new Expr.Call(function.get(), arguments), arguments);
  }

  /// Notes where an expression starts, and refuses a tree that is too high.
  private Expr node(int start, Expr expr, List<Expr> operands) throws CedarSyntaxException {
    int height = 0;
    for (var operand : operands) {
      height = Math.max(height, heights.getOrDefault(operand, 0));
    }
    if (height == HEIGHT_MAX) {
      throw tokens.errorAt(
          start, "the expression has more than " + HEIGHT_MAX + " operators within each other");
    }
    heights.put(expr, height + 1);
    offsets.put(expr, start);
    return expr;
  }
}
