package io.prokura.cedar;

import java.util.LinkedHashMap;
import java.util.List;

/// The plain evaluator: walks the tree and looks nothing up twice. The compiled code has to agree
/// with it.
final class Interpreter {
  private final Evaluation evaluation;

  Interpreter(Request request, Entities entities) {
    this.evaluation = new Evaluation(request, entities);
  }

  /// Whether the request satisfies the policy.
  boolean satisfied(Policy policy) {
    if (!scope(evaluation.request().principal(), policy.principal())
        || !scope(policy.action())
        || !scope(evaluation.request().resource(), policy.resource())) {
      return false;
    }
    for (var condition : policy.conditions()) {
      if (test(condition.body()) != (condition.kind() == Condition.Kind.WHEN)) {
        return false;
      }
    }
    return true;
  }

  private boolean scope(EntityUid uid, Scope scope) {
    return switch (scope) {
      case Scope.Any _ -> true;
      case Scope.Equal(var entity) -> uid.equals(entity);
      case Scope.In(var entity) -> evaluation.in(uid, (EntityUid) entity);
      case Scope.Is(var type) -> uid.type().equals(type);
      case Scope.IsIn(var type, var entity) ->
          uid.type().equals(type) && evaluation.in(uid, (EntityUid) entity);
    };
  }

  private boolean scope(ActionScope scope) {
    var uid = evaluation.request().action();
    return switch (scope) {
      case ActionScope.Any _ -> true;
      case ActionScope.Equal(var action) -> uid.equals(action);
      case ActionScope.In(var action) -> evaluation.in(uid, action);
      case ActionScope.InAny(var actions) ->
          actions.stream().anyMatch(action -> evaluation.in(uid, action));
    };
  }

  private boolean test(Expr expr) {
    return Operations.bool(value(expr));
  }

  Value value(Expr expr) {
    return switch (expr) {
      case Expr.Literal(var value) -> value;
      case Expr.Var(var variable) ->
          switch (variable) {
            case PRINCIPAL -> evaluation.request().principal();
            case ACTION -> evaluation.request().action();
            case RESOURCE -> evaluation.request().resource();
            case CONTEXT -> evaluation.request().context();
          };
      case Expr.If(var condition, var consequent, var alternative) ->
          test(condition) ? value(consequent) : value(alternative);
      case Expr.And(var left, var right) -> BoolValue.of(test(left) && test(right));
      case Expr.Or(var left, var right) -> BoolValue.of(test(left) || test(right));
      case Expr.Not(var operand) -> BoolValue.of(!test(operand));
      case Expr.Negate(var operand) -> Operations.negate(value(operand));
      case Expr.Binary(var operator, var left, var right) ->
          binary(operator, value(left), value(right));
      case Expr.IsEmpty(var operand) ->
          BoolValue.of(Operations.set(value(operand)).elements().isEmpty());
      case Expr.Attribute(var operand, var name) -> evaluation.attribute(value(operand), name);
      case Expr.Has(var operand, var path) -> has(value(operand), path);
      case Expr.Like(var operand, var pattern) ->
          BoolValue.of(pattern.matches(Operations.string(value(operand))));
      case Expr.Is(var operand, var type) ->
          BoolValue.of(Operations.entity(value(operand)).type().equals(type));
      case Expr.IsIn(var operand, var type, var ancestor) -> {
        var uid = Operations.entity(value(operand));
        yield BoolValue.of(uid.type().equals(type) && evaluation.in(uid, value(ancestor)));
      }
      case Expr.SetOf(var elements) -> SetValue.of(values(elements));
      case Expr.RecordOf(var attributes) -> {
        var values = new LinkedHashMap<String, Value>();
        attributes.forEach((name, attribute) -> values.put(name, value(attribute)));
        yield new RecordValue(values);
      }
      case Expr.Call(var function, var arguments) -> Extensions.call(function, values(arguments));
    };
  }

  private List<Value> values(List<Expr> exprs) {
    return exprs.stream().map(this::value).toList();
  }

  private BoolValue has(Value operand, List<String> path) {
    if (!evaluation.has(operand, path.getFirst())) {
      return BoolValue.FALSE;
    }
    return path.size() == 1
        ? BoolValue.TRUE
        : has(evaluation.attribute(operand, path.getFirst()), path.subList(1, path.size()));
  }

  private Value binary(BinaryOperator operator, Value left, Value right) {
    return switch (operator) {
      case EQUAL -> BoolValue.of(left.equals(right));
      case NOT_EQUAL -> BoolValue.of(!left.equals(right));
      case LESS -> BoolValue.of(Operations.compare(left, right) < 0);
      case LESS_EQUAL -> BoolValue.of(Operations.compare(left, right) <= 0);
      case GREATER -> BoolValue.of(Operations.compare(left, right) > 0);
      case GREATER_EQUAL -> BoolValue.of(Operations.compare(left, right) >= 0);
      case IN -> BoolValue.of(evaluation.in(left, right));
      case ADD -> Operations.add(left, right);
      case SUBTRACT -> Operations.subtract(left, right);
      case MULTIPLY -> Operations.multiply(left, right);
      case CONTAINS -> BoolValue.of(Operations.contains(left, right));
      case CONTAINS_ALL -> BoolValue.of(Operations.containsAll(left, right));
      case CONTAINS_ANY -> BoolValue.of(Operations.containsAny(left, right));
      case GET_TAG -> evaluation.tag(left, right);
      case HAS_TAG -> BoolValue.of(evaluation.hasTag(left, right));
    };
  }
}
