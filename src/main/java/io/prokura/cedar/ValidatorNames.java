package io.prokura.cedar;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// Gives equal expressions the same number, whatever their positions, so that
/// [ValidatorCapabilities] need not compare trees.
final class ValidatorNames {
  private final Map<List<Object>, Integer> numbers = new HashMap<>();
  private final IdentityHashMap<Expr, Integer> known = new IdentityHashMap<>();

  /// The number of an attribute of the expression with that number.
  int attribute(int operand, String name) {
    return number(List.of("attribute", operand, name));
  }

  /// The number of a tag of an expression.
  int tag(Expr operand, Expr tag) {
    return number(List.of("tag", of(operand), of(tag)));
  }

  int of(Expr expr) {
    var number = known.get(expr);
    if (number == null) {
      number = number(shape(expr));
      known.put(expr, number);
    }
    return number;
  }

  private List<Object> shape(Expr expr) {
    return switch (expr) {
      case Expr.Literal(var value) -> List.of("literal", value);
      case Expr.Var(var variable) -> List.of("variable", variable);
      case Expr.If(var condition, var consequent, var alternative) ->
          List.of("if", of(condition), of(consequent), of(alternative));
      case Expr.And(var left, var right) -> List.of("and", of(left), of(right));
      case Expr.Or(var left, var right) -> List.of("or", of(left), of(right));
      case Expr.Not(var operand) -> List.of("not", of(operand));
      case Expr.Negate(var operand) -> List.of("negate", of(operand));
      case Expr.Binary(var operator, var left, var right) ->
          List.of("binary", operator, of(left), of(right));
      case Expr.IsEmpty(var operand) -> List.of("isEmpty", of(operand));
      case Expr.Attribute(var operand, var name) -> List.of("attribute", of(operand), name);
      case Expr.Has(var operand, var path) -> List.of("has", of(operand), path);
      case Expr.Like(var operand, var pattern) -> List.of("like", of(operand), pattern);
      case Expr.Is(var operand, var type) -> List.of("is", of(operand), type);
      case Expr.IsIn(var operand, var type, var ancestor) ->
          List.of("isIn", of(operand), type, of(ancestor));
      case Expr.SetOf(var elements) -> List.of("set", elements.stream().map(this::of).toList());
      case Expr.RecordOf(var attributes) ->
          List.of(
              "record",
              List.copyOf(attributes.keySet()),
              attributes.values().stream().map(this::of).toList());
      case Expr.Call(var function, var arguments) ->
          List.of("call", function, arguments.stream().map(this::of).toList());
    };
  }

  private int number(List<Object> shape) {
    return numbers.computeIfAbsent(shape, _ -> numbers.size());
  }
}
