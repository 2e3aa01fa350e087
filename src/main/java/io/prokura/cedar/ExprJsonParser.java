package io.prokura.cedar;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes expressions of plain Java values in the shape of Cedar's JSON format for policies. Bounds
/// the height of the tree. Refuses what has no text.
final class ExprJsonParser {
  private final PlainPath path;
  private int height;

  ExprJsonParser(PlainPath path) {
    this.path = path;
  }

  /// An object with one member, whose name says which kind of expression it is.
  Expr expr(@Nullable Object json) throws TypeMismatchException {
    if (!(json instanceof Map<?, ?> map) || map.size() != 1) {
      throw path.error("expected an expression, an object with one member");
    }
    var member = map.entrySet().iterator().next();
    var kind = String.valueOf(member.getKey());
    path.enter(kind);
    deeper();
    var expr = expr(kind, member.getValue());
    height--;
    path.leave();
    return expr;
  }

  private void deeper() throws TypeMismatchException {
    // A value counts twice; the text that is parsed in the end is what counts.
    if (++height > ExprParser.HEIGHT_MAX + 1) {
      throw path.error("more than " + ExprParser.HEIGHT_MAX + " expressions are within each other");
    }
  }

  private Expr expr(String kind, @Nullable Object json) throws TypeMismatchException {
    return switch (kind) {
      case "Value" -> value(json);
      case "Var" -> new Expr.Var(variable(json));
      case "!" -> new Expr.Not(argument(json));
      case "neg" -> new Expr.Negate(argument(json));
      case "isEmpty" -> new Expr.IsEmpty(argument(json));
      case "&&" -> {
        var sides = path.members(json, Set.of("left", "right"), Set.of());
        yield new Expr.And(operand(sides, "left"), operand(sides, "right"));
      }
      case "||" -> {
        var sides = path.members(json, Set.of("left", "right"), Set.of());
        yield new Expr.Or(operand(sides, "left"), operand(sides, "right"));
      }
      case "." -> {
        var parts = path.members(json, Set.of("left", "attr"), Set.of());
        yield new Expr.Attribute(operand(parts, "left"), path.string(parts, "attr"));
      }
      case "has" -> {
        var parts = path.members(json, Set.of("left", "attr"), Set.of());
        yield new Expr.Has(operand(parts, "left"), attributePath(parts.get("attr")));
      }
      case "like" -> {
        var parts = path.members(json, Set.of("left", "pattern"), Set.of());
        yield new Expr.Like(operand(parts, "left"), pattern(parts.get("pattern")));
      }
      case "is" -> is(json);
      case "if-then-else" -> {
        var parts = path.members(json, Set.of("if", "then", "else"), Set.of());
        yield new Expr.If(operand(parts, "if"), operand(parts, "then"), operand(parts, "else"));
      }
      case "Set" -> new Expr.SetOf(list(json));
      case "Record" -> {
        var attributes = new LinkedHashMap<String, Expr>();
        for (var entry : path.object(json).entrySet()) {
          attributes.put(entry.getKey(), operand(entry.getKey(), entry.getValue()));
        }
        yield new Expr.RecordOf(attributes);
      }
      default -> operatorOrCall(kind, json);
    };
  }

  private Expr operatorOrCall(String kind, @Nullable Object json) throws TypeMismatchException {
    for (var operator : BinaryOperator.values()) {
      if (operator.text().equals(kind)) {
        var sides = path.members(json, Set.of("left", "right"), Set.of());
        return new Expr.Binary(operator, operand(sides, "left"), operand(sides, "right"));
      }
    }
    return call(kind, list(json));
  }

  private Expr call(String name, List<Expr> arguments) throws TypeMismatchException {
    var function = ExtensionFunction.named(name);
    if (function.isEmpty()) {
      throw path.error(
          "there is no kind of expression and no function "
              + Quoted.string(Quoted.shortened(name)));
    }
    if (function.get().isMethod() && arguments.isEmpty()) {
      throw path.error("the method `" + name + "` needs the value it is called on");
    }
    return new Expr.Call(function.get(), arguments);
  }

  private Expr is(@Nullable Object json) throws TypeMismatchException {
    var parts = path.members(json, Set.of("left", "entity_type"), Set.of("in"));
    var operand = operand(parts, "left");
    var type = path.entityType(parts, "entity_type");
    return parts.get("in") != null
        ? new Expr.IsIn(operand, type, operand(parts, "in"))
        : new Expr.Is(operand, type);
  }

  private Expr argument(@Nullable Object json) throws TypeMismatchException {
    return operand(path.members(json, Set.of("arg"), Set.of()), "arg");
  }

  private Expr operand(Map<String, ? extends @Nullable Object> members, String name)
      throws TypeMismatchException {
    return operand(name, members.get(name));
  }

  private Expr operand(String name, @Nullable Object json) throws TypeMismatchException {
    path.enter(name);
    var expr = expr(json);
    path.leave();
    return expr;
  }

  private List<Expr> list(@Nullable Object json) throws TypeMismatchException {
    var exprs = new ArrayList<Expr>();
    for (var item : path.list(json)) {
      exprs.add(operand(Integer.toString(exprs.size()), item));
    }
    return exprs;
  }

  private Variable variable(@Nullable Object json) throws TypeMismatchException {
    for (var variable : Variable.values()) {
      if (variable.text().equals(json)) {
        return variable;
      }
    }
    throw path.error("expected `principal`, `action`, `resource` or `context`");
  }

  /// One attribute of any name, or several that are identifiers.
  private List<String> attributePath(@Nullable Object json) throws TypeMismatchException {
    if (json instanceof String name) {
      return List.of(name);
    }
    var names = new ArrayList<String>();
    for (var item : path.list(json)) {
      if (!(item instanceof String name)) {
        throw path.error("`attr` is a string or a list of strings");
      }
      names.add(name);
    }
    if (names.isEmpty() || (names.size() > 1 && !names.stream().allMatch(Names::isIdentifier))) {
      throw path.error("`attr` as a list has one attribute, or several that are identifiers");
    }
    return names;
  }

  private Pattern pattern(@Nullable Object json) throws TypeMismatchException {
    var literals = new ArrayList<String>();
    var literal = new StringBuilder();
    for (var item : path.list(json)) {
      if ("Wildcard".equals(item)) {
        literals.add(literal.toString());
        literal.setLength(0);
      } else if (item instanceof Map<?, ?> map
          && map.keySet().equals(Set.of("Literal"))
          && map.get("Literal") instanceof String text) {
        literal.append(text);
      } else {
        throw path.error("a pattern is a list of \"Wildcard\" and {\"Literal\": string}");
      }
    }
    literals.add(literal.toString());
    return new Pattern(literals);
  }

  /// A value in the format of entities: the expression that has it as its value.
  private Expr value(@Nullable Object json) throws TypeMismatchException {
    deeper();
    var expr =
        switch (json) {
          case Boolean value -> new Expr.Literal(BoolValue.of(value));
          case Long value -> new Expr.Literal(new LongValue(value));
          case String value -> new Expr.Literal(new StringValue(value));
          case List<?> items -> new Expr.SetOf(values(items));
          case Map<?, ?> _ -> escapeOrRecord(path.object(json));
          case null, default ->
              throw path.error("expected a bool, a 64-bit integer, a string, a list or an object");
        };
    height--;
    return expr;
  }

  private List<Expr> values(List<?> items) throws TypeMismatchException {
    var values = new ArrayList<Expr>();
    for (var item : items) {
      path.enter(Integer.toString(values.size()));
      values.add(value(item));
      path.leave();
    }
    return values;
  }

  private Expr escapeOrRecord(Map<String, ? extends @Nullable Object> members)
      throws TypeMismatchException {
    var entity = escaped(members, PlainValues.ENTITY);
    if (entity.isPresent()) {
      return new Expr.Literal(PlainValues.entity(path.toString(), entity.get()));
    }
    var call = escaped(members, PlainValues.EXTENSION);
    if (call.isPresent()) {
      path.enter(PlainValues.EXTENSION);
      var expr = call(path.members(call.get(), Set.of("fn"), Set.of("arg", "args")));
      path.leave();
      return expr;
    }
    var attributes = new LinkedHashMap<String, Expr>();
    for (var entry : members.entrySet()) {
      if (entry.getKey().equals(PlainValues.EXPRESSION)) {
        throw path.error("`" + PlainValues.EXPRESSION + "` is no attribute of a record");
      }
      path.enter(entry.getKey());
      attributes.put(entry.getKey(), value(entry.getValue()));
      path.leave();
    }
    return new Expr.RecordOf(attributes);
  }

  private Optional<Map<?, ?>> escaped(
      Map<String, ? extends @Nullable Object> members, String escape) throws TypeMismatchException {
    if (!members.containsKey(escape)) {
      return Optional.empty();
    }
    if (members.size() == 1 && members.get(escape) instanceof Map<?, ?> inner) {
      return Optional.of(inner);
    }
    throw path.error("`" + escape + "` has to be the only member and an object");
  }

  private Expr call(Map<String, ? extends @Nullable Object> parts) throws TypeMismatchException {
    if (parts.containsKey("arg") == parts.containsKey("args")) {
      throw path.error("expected either `arg` or `args` beside `fn`");
    }
    var arguments =
        parts.containsKey("arg")
            ? List.of(value(parts.get("arg")))
            : values(path.list(parts.get("args")));
    return call(path.string(parts, "fn"), arguments);
  }
}
